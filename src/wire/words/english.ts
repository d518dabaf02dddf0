import { guardEnglish } from './guard-english.ts';
import { joined, type ResidentDictionary, type Words } from './refusal-words.ts';

/** Plain English, as it is said at a gate: polite, short, always with a next step. */
const residents: ResidentDictionary = {
  'not-a-code': { sentence: 'This is not an entry code.', next: 'Please open “My code” and scan again.' },
  unsupported: {
    sentence: 'This gate does not know this kind of code yet.',
    next: 'Please refresh your code. If that does not help, see the guard.',
  },
  malformed: {
    sentence: 'Your code was not read completely.',
    next: 'Please make the screen brighter, hold it flat and scan again.',
  },
  'unknown-key': {
    sentence: 'This gate does not know who issued your code.',
    next: 'Please go online and refresh it. If that does not help, see the guard.',
  },
  'key-retired': {
    sentence: 'Your code needs to be renewed.',
    next: 'Please go online, refresh it and scan again.',
  },
  'wrong-issuer': {
    sentence: 'This code’s issuer does not serve this community.',
    next: 'Please open “My code” of this district, or see the guard.',
  },
  'not-on-roster': {
    sentence: 'You are not on this community’s list.',
    next: 'Please see the guard. If your phone is new, go online and refresh first.',
  },
  'bad-signature': {
    sentence: 'We could not confirm that this code is genuine.',
    next: 'Please refresh it and scan again. If that does not help, see the guard.',
  },
  'not-yet-valid': {
    sentence: 'Your code is not valid yet.',
    next: 'Please check your phone’s time and the time of your visit.',
  },
  expired: { sentence: 'Your code has expired.', next: 'Please tap refresh and scan again.' },
  'clock-unsure': {
    sentence: 'The gate is setting its clock. Nothing is wrong with your code.',
    next: 'Please see the guard.',
  },
  revoked: {
    sentence: 'This code was cancelled.',
    next: 'Please sign in for a new one, or show an ID document to the guard.',
  },
  suspended: {
    sentence: 'Your code is paused.',
    next: 'Please show an ID document to the guard, or see “My data” for the reason.',
  },
  'needs-guard': { sentence: 'One moment: the guard has to confirm.', next: 'Please go to the gate house.' },
  'wrong-community': {
    sentence: 'This pass is for another community.',
    next: 'Please check the address, or ask your host for a new pass.',
  },
  'already-used': {
    sentence: 'This code was used already.',
    next: 'Please tap refresh and show the new one.',
  },
  passback: {
    sentence: 'Our record says that you are inside already.',
    next: 'If you left without scanning, please tell the guard.',
  },
  'pass-used-up': {
    sentence: 'Your visitor pass has no entries left at this gate.',
    next: 'Please ask your host for a new one, or use the gate that the pass names.',
  },
  'outside-hours': {
    sentence: 'This gate is closed at this hour.',
    next: 'Please use another gate, or see the guard.',
  },
  'assurance-too-low': {
    sentence: 'This gate asks for a stronger identity check.',
    next: 'Please do the face check on your phone, or show an ID document to the guard.',
  },
  lockdown: {
    sentence: 'This gate is closed for now.',
    next: 'Please follow the staff; if it is urgent, see the guard.',
  },
  'trust-stale': {
    sentence: 'The gate’s data is out of date. Nothing is wrong with your code.',
    next: 'Please see the guard.',
  },
  'journal-unavailable': {
    sentence: 'The gate cannot keep records now. Nothing is wrong with your code.',
    next: 'Please see the guard.',
  },
  'door-fault': {
    sentence: 'The door has a fault. Nothing is wrong with your code.',
    next: 'Please use another gate, or see the guard.',
  },
};

export const english: Words = {
  refusals: joined(residents, guardEnglish),
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
