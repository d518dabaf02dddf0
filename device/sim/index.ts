/** Twins of the machine's parts that do what they are told, and fail on purpose: for the demo, the simulator and tests. */
export { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
export {
  type DoorMode,
  type DoorOrder,
  type RelaySwitching,
  type SimulatedDoor,
  type SimulatedDoorSettings,
  type SimulatedPerson,
  simulatedDoor,
} from './simulated-door.ts';
export { type SimulatedRandom, simulatedRandom } from './simulated-random.ts';
export {
  type FeedOutcome,
  type SimulatedReader,
  type SimulatedReaderSettings,
  simulatedReader,
} from './simulated-reader.ts';
