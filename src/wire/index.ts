/** One schema per MQTT topic, HTTP body, trust document and journal row. Pure and browser-safe. */
export * from './display.ts';
export * from './fields.ts';
export * from './memory.ts';
export * from './mqtt.ts';
export * from './policy.ts';
export * from './row.ts';
