/** The door's form, for tests of what it makes of a configuration. */
export { doorBody, wiringOf } from './wiring.ts';
