/** The MQTT contract of docs/mqtt.md: how topics are spelled, and one schema per payload. */
export * from './mqtt-payloads.ts';
export * from './mqtt-topics.ts';
