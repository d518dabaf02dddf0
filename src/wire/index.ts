/** One schema per MQTT topic, HTTP body, trust document and journal row. Pure and browser-safe. */
export * from './alarm.ts';
export * from './display.ts';
export * from './draft.ts';
export * from './fields.ts';
export * from './inbox.ts';
export * from './memory.ts';
export * from './mqtt.ts';
export * from './policy.ts';
export * from './row.ts';
export * from './row-digest.ts';
export * from './words/index.ts';
