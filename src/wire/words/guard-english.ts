import type { GuardDictionary } from './refusal-words.ts';

/** What a guard is told of a refusal in English, apart from what residents are told: a page for guards carries no more. */
export const guardEnglish: GuardDictionary = {
  'not-a-code': {
    cause: 'not an entry code',
    guard: {
      sentence: 'What was scanned is not an entry code.',
      next: 'Ask for “My code”. If it keeps happening, check the reader’s settings.',
    },
  },
  unsupported: {
    cause: 'unknown version of code',
    guard: {
      sentence: 'The code is of a newer kind or version than this gate knows.',
      next: 'Look the person up and let them in; report that the gate needs an update.',
    },
  },
  malformed: {
    cause: 'code incomplete',
    guard: {
      sentence: 'The code was cut short or damaged.',
      next: 'Ask for a brighter screen and another scan. If it keeps happening, check the reader’s settings.',
    },
  },
  'unknown-key': {
    cause: 'issuer key unknown',
    guard: {
      sentence: 'The issuer’s key is not on this gate’s list.',
      next: 'Look the person up. Check the date of the trust documents: this gate may be out of date.',
    },
  },
  'key-retired': {
    cause: 'issuer key retired',
    guard: {
      sentence: 'The issuer’s key was withdrawn, or is outside its dates.',
      next: 'Ask for a refresh. If the phone is offline, look the person up.',
    },
  },
  'wrong-issuer': {
    cause: 'issuer not entitled',
    guard: {
      sentence: 'The issuer may not issue this kind of code, or not for this community.',
      next: 'Look the person up and act on the register.',
    },
  },
  'not-on-roster': {
    cause: 'not on the roster',
    guard: {
      sentence: 'The person, a companion or the phone is not on this community’s roster.',
      next: 'Look the person up; register visitors.',
    },
  },
  'bad-signature': {
    cause: 'signature does not match',
    guard: {
      sentence: 'The signature does not match: the code may be altered or forged.',
      next: 'Check an ID document; report it if it happens again.',
    },
  },
  'not-yet-valid': {
    cause: 'not valid yet',
    guard: {
      sentence: 'The code is not valid yet.',
      next: 'Check the phone’s time, or the agreed time of the visit.',
    },
  },
  expired: {
    cause: 'expired',
    guard: {
      sentence: 'The code has expired.',
      next: 'Ask for a refresh. If the phone’s clock is wrong, have it set automatically.',
    },
  },
  'clock-unsure': {
    cause: 'gate’s clock unsure',
    guard: {
      sentence: 'This gate is not sure of the time and cannot judge codes by itself.',
      next: 'Check the person and open by hand; check the network.',
    },
  },
  revoked: {
    cause: 'revoked',
    guard: {
      sentence: 'The code is revoked: a phone or card may have been reported lost.',
      next: 'Check an ID document. If it is somebody else, keep an eye on them and report it.',
    },
  },
  suspended: {
    cause: 'suspended',
    guard: {
      sentence: 'The code is suspended.',
      next: 'Check an ID document and follow the management’s notice.',
    },
  },
  'needs-guard': {
    cause: 'guard to confirm',
    guard: {
      sentence: 'This code needs you to confirm it.',
      next: 'Check the person, then open with a reason.',
    },
  },
  'wrong-community': {
    cause: 'pass for another community',
    guard: {
      sentence: 'The pass names another community.',
      next: 'Check where the visitor is going; register those who visit here.',
    },
  },
  'already-used': {
    cause: 'already used',
    guard: {
      sentence: 'The code was used already: it may be a screenshot or was passed on.',
      next: 'Ask for a refresh in front of you. If that fails, check an ID document.',
    },
  },
  passback: {
    cause: 'entered twice',
    guard: {
      sentence: 'This person came in before and has no exit since.',
      next: 'Check who it is. If the exit was missed, open with a reason.',
    },
  },
  'pass-used-up': {
    cause: 'pass used up',
    guard: {
      sentence: 'The pass has no entries left, or is bound to another gate.',
      next: 'Call the host, then register the visitor.',
    },
  },
  'outside-hours': {
    cause: 'outside opening hours',
    guard: {
      sentence: 'This lane is outside its opening hours.',
      next: 'Show the way to an open gate; in urgent cases check and open.',
    },
  },
  'assurance-too-low': {
    cause: 'identity check too weak',
    guard: {
      sentence: 'The code’s identity check is weaker than this lane asks for.',
      next: 'Check an ID document in person, then open.',
    },
  },
  lockdown: {
    cause: 'locked down',
    guard: {
      sentence: 'This lane is locked down.',
      next: 'Follow your orders; if somebody must pass, open by hand with a reason.',
    },
  },
  'trust-stale': {
    cause: 'gate’s data out of date',
    guard: {
      sentence: 'This gate’s trust documents have expired; it opens nothing by itself.',
      next: 'Look people up and open by hand; have the gate updated by network or USB stick.',
    },
  },
  'journal-unavailable': {
    cause: 'cannot record',
    guard: {
      sentence: 'This gate cannot write its records and will not open by itself.',
      next: 'Use the door button, note names on paper, and call for repair at once.',
    },
  },
  'door-fault': {
    cause: 'door fault',
    guard: {
      sentence: 'The door or its relay has a fault.',
      next: 'Open by hand and call for repair at once.',
    },
  },
};
