import type { Words } from './refusal-words.ts';

/** Plain English, as it is said at a gate: polite, short, always with a next step. */
export const english: Words = {
  refusals: {
    'not-a-code': {
      cause: 'not an entry code',
      resident: { sentence: 'This is not an entry code.', next: 'Please open “My code” and scan again.' },
      guard: {
        sentence: 'What was scanned is not an entry code.',
        next: 'Ask for “My code”. If it keeps happening, check the reader’s settings.',
      },
    },
    unsupported: {
      cause: 'unknown version of code',
      resident: {
        sentence: 'This gate does not know this kind of code yet.',
        next: 'Please refresh your code. If that does not help, see the guard.',
      },
      guard: {
        sentence: 'The code is of a newer kind or version than this gate knows.',
        next: 'Look the person up and let them in; report that the gate needs an update.',
      },
    },
    malformed: {
      cause: 'code incomplete',
      resident: {
        sentence: 'Your code was not read completely.',
        next: 'Please make the screen brighter, hold it flat and scan again.',
      },
      guard: {
        sentence: 'The code was cut short or damaged.',
        next: 'Ask for a brighter screen and another scan. If it keeps happening, check the reader’s settings.',
      },
    },
    'unknown-key': {
      cause: 'issuer key unknown',
      resident: {
        sentence: 'This gate does not know who issued your code.',
        next: 'Please go online and refresh it. If that does not help, see the guard.',
      },
      guard: {
        sentence: 'The issuer’s key is not on this gate’s list.',
        next: 'Look the person up. Check the date of the trust documents: this gate may be out of date.',
      },
    },
    'key-retired': {
      cause: 'issuer key retired',
      resident: {
        sentence: 'Your code needs to be renewed.',
        next: 'Please go online, refresh it and scan again.',
      },
      guard: {
        sentence: 'The issuer’s key was withdrawn, or is outside its dates.',
        next: 'Ask for a refresh. If the phone is offline, look the person up.',
      },
    },
    'wrong-issuer': {
      cause: 'issuer not entitled',
      resident: {
        sentence: 'This code’s issuer does not serve this community.',
        next: 'Please open “My code” of this district, or see the guard.',
      },
      guard: {
        sentence: 'The issuer may not issue this kind of code, or not for this community.',
        next: 'Look the person up and act on the register.',
      },
    },
    'not-on-roster': {
      cause: 'not on the roster',
      resident: {
        sentence: 'You are not on this community’s list.',
        next: 'Please see the guard. If your phone is new, go online and refresh first.',
      },
      guard: {
        sentence: 'The person, a companion or the phone is not on this community’s roster.',
        next: 'Look the person up; register visitors.',
      },
    },
    'bad-signature': {
      cause: 'signature does not match',
      resident: {
        sentence: 'We could not confirm that this code is genuine.',
        next: 'Please refresh it and scan again. If that does not help, see the guard.',
      },
      guard: {
        sentence: 'The signature does not match: the code may be altered or forged.',
        next: 'Check an ID document; report it if it happens again.',
      },
    },
    'not-yet-valid': {
      cause: 'not valid yet',
      resident: {
        sentence: 'Your code is not valid yet.',
        next: 'Please check your phone’s time and the time of your visit.',
      },
      guard: {
        sentence: 'The code is not valid yet.',
        next: 'Check the phone’s time, or the agreed time of the visit.',
      },
    },
    expired: {
      cause: 'expired',
      resident: { sentence: 'Your code has expired.', next: 'Please tap refresh and scan again.' },
      guard: {
        sentence: 'The code has expired.',
        next: 'Ask for a refresh. If the phone’s clock is wrong, have it set automatically.',
      },
    },
    'clock-unsure': {
      cause: 'gate’s clock unsure',
      resident: {
        sentence: 'The gate is setting its clock. Nothing is wrong with your code.',
        next: 'Please see the guard.',
      },
      guard: {
        sentence: 'This gate is not sure of the time and cannot judge codes by itself.',
        next: 'Check the person and open by hand; check the network.',
      },
    },
    revoked: {
      cause: 'revoked',
      resident: {
        sentence: 'This code was cancelled.',
        next: 'Please sign in for a new one, or show an ID document to the guard.',
      },
      guard: {
        sentence: 'The code is revoked: a phone or card may have been reported lost.',
        next: 'Check an ID document. If it is somebody else, keep an eye on them and report it.',
      },
    },
    suspended: {
      cause: 'suspended',
      resident: {
        sentence: 'Your code is paused.',
        next: 'Please show an ID document to the guard, or see “My data” for the reason.',
      },
      guard: {
        sentence: 'The code is suspended.',
        next: 'Check an ID document and follow the management’s notice.',
      },
    },
    'needs-guard': {
      cause: 'guard to confirm',
      resident: {
        sentence: 'One moment: the guard has to confirm.',
        next: 'Please go to the gate house.',
      },
      guard: {
        sentence: 'This code needs you to confirm it.',
        next: 'Check the person, then open with a reason.',
      },
    },
    'wrong-community': {
      cause: 'pass for another community',
      resident: {
        sentence: 'This pass is for another community.',
        next: 'Please check the address, or ask your host for a new pass.',
      },
      guard: {
        sentence: 'The pass names another community.',
        next: 'Check where the visitor is going; register those who visit here.',
      },
    },
    'already-used': {
      cause: 'already used',
      resident: { sentence: 'This code was used already.', next: 'Please tap refresh and show the new one.' },
      guard: {
        sentence: 'The code was used already: it may be a screenshot or was passed on.',
        next: 'Ask for a refresh in front of you. If that fails, check an ID document.',
      },
    },
    passback: {
      cause: 'entered twice',
      resident: {
        sentence: 'Our record says that you are inside already.',
        next: 'If you left without scanning, please tell the guard.',
      },
      guard: {
        sentence: 'This person came in before and has no exit since.',
        next: 'Check who it is. If the exit was missed, open with a reason.',
      },
    },
    'pass-used-up': {
      cause: 'pass used up',
      resident: {
        sentence: 'Your visitor pass has no entries left at this gate.',
        next: 'Please ask your host for a new one, or use the gate that the pass names.',
      },
      guard: {
        sentence: 'The pass has no entries left, or is bound to another gate.',
        next: 'Call the host, then register the visitor.',
      },
    },
    'outside-hours': {
      cause: 'outside opening hours',
      resident: {
        sentence: 'This gate is closed at this hour.',
        next: 'Please use another gate, or see the guard.',
      },
      guard: {
        sentence: 'This lane is outside its opening hours.',
        next: 'Show the way to an open gate; in urgent cases check and open.',
      },
    },
    'assurance-too-low': {
      cause: 'identity check too weak',
      resident: {
        sentence: 'This gate asks for a stronger identity check.',
        next: 'Please do the face check on your phone, or show an ID document to the guard.',
      },
      guard: {
        sentence: 'The code’s identity check is weaker than this lane asks for.',
        next: 'Check an ID document in person, then open.',
      },
    },
    lockdown: {
      cause: 'locked down',
      resident: {
        sentence: 'This gate is closed for now.',
        next: 'Please follow the staff; if it is urgent, see the guard.',
      },
      guard: {
        sentence: 'This lane is locked down.',
        next: 'Follow your orders; if somebody must pass, open by hand with a reason.',
      },
    },
    'trust-stale': {
      cause: 'gate’s data out of date',
      resident: {
        sentence: 'The gate’s data is out of date. Nothing is wrong with your code.',
        next: 'Please see the guard.',
      },
      guard: {
        sentence: 'This gate’s trust documents have expired; it opens nothing by itself.',
        next: 'Look people up and open by hand; have the gate updated by network or USB stick.',
      },
    },
    'journal-unavailable': {
      cause: 'cannot record',
      resident: {
        sentence: 'The gate cannot keep records now. Nothing is wrong with your code.',
        next: 'Please see the guard.',
      },
      guard: {
        sentence: 'This gate cannot write its records and will not open by itself.',
        next: 'Use the door button, note names on paper, and call for repair at once.',
      },
    },
    'door-fault': {
      cause: 'door fault',
      resident: {
        sentence: 'The door has a fault. Nothing is wrong with your code.',
        next: 'Please use another gate, or see the guard.',
      },
      guard: {
        sentence: 'The door or its relay has a fault.',
        next: 'Open by hand and call for repair at once.',
      },
    },
  },
  clockOffset(offsetSeconds) {
    return {
      sentence: `Your phone is ${duration(Math.abs(offsetSeconds))} ${offsetSeconds < 0 ? 'slow' : 'fast'}.`,
      next: 'Please turn on “Set time automatically” on your phone, then refresh your code.',
    };
  },
};

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return two(seconds, [60, 'min', 's']);
  if (seconds < 86_400) return two(Math.floor(seconds / 60), [60, 'h', 'min']);
  return two(Math.floor(seconds / 3_600), [24, 'd', 'h']);
}

function two(total: number, [size, big, small]: readonly [number, string, string]): string {
  const whole = `${Math.floor(total / size)} ${big}`;
  const rest = total % size;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
