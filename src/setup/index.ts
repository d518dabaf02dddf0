/** A new gate's set-up and what the doctor asks: facts are judged here and put into words; disk and devices are others' to touch. */
export type * from './facts.ts';
export {
  CHECKS,
  type Check,
  exitOf,
  type Finding,
  found,
  LEVELS,
  type Level,
  type Looked,
  sorted,
} from './finding.ts';
export { type EntranceOptions, type EntranceRefusal, SetupEntrance, type Visitor } from './entrance.ts';
export { judge } from './judge.ts';
export { LISTEN_MS_MAX } from './limits.ts';
export type { Network, SetupMachine } from './ports.ts';
export { setupServer, type SetupServerParts } from './server.ts';
export { isGood, type RelayResult, relayInWords } from './relay-result.ts';
export {
  checkName,
  FINDING_WORDS,
  inWords,
  levelName,
  reportText,
  type SaidFinding,
  type SetupLanguage,
  summaryOf,
} from './words/index.ts';
