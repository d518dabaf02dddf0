import { describe, expect, test } from 'vitest';
import { discoveryMessages } from './home-assistant.ts';

/** By https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery and the pages of the components used. */
const door = { ok: true, relayOn: false };
const messages = discoveryMessages({
  district: 'd-1',
  gate: 'gate-1',
  status: {
    software: '1.0.0',
    lanes: [
      { lane: 'north', direction: 'in', mode: 'normal', door: { ...door, open: false } },
      { lane: 'south', direction: 'in', mode: 'normal', door },
    ],
  },
});
const configs = messages.map(({ topic, payload }) => ({
  topic,
  config: JSON.parse(payload) as Record<string, unknown>,
}));
const configOf = (topic: string) => configs.find((each) => each.topic === topic)?.config;

describe('discovery by Home Assistant', () => {
  test('is retained under homeassistant/<component>/<node>/<object>/config, each entity once', () => {
    for (const { topic, retain, qos } of messages) {
      expect(topic).toMatch(
        /^homeassistant\/(binary_sensor|event|sensor)\/menwei-d-1-gate-1\/[a-z0-9-]+\/config$/,
      );
      expect({ retain, qos }).toEqual({ retain: true, qos: 1 });
    }
    expect(new Set(configs.map(({ config }) => config['unique_id'])).size).toBe(configs.length);
  });

  test('every entity belongs to the gate’s device and is available as its status says', () => {
    for (const { config } of configs)
      expect(config).toMatchObject({
        availability_topic: 'menwei/1/d-1/gates/gate-1/status',
        availability_template: '{{ value_json.state }}',
        payload_available: 'online',
        payload_not_available: 'offline',
        device: { identifiers: ['menwei-d-1-gate-1'] },
        origin: { name: 'menwei' },
        state_topic: expect.stringMatching(/^menwei\/1\/d-1\/gates\/gate-1\/(status|live|health)$/),
      });
  });

  test('tells the lock of every lane, and the door where a contact is wired', () => {
    const node = 'homeassistant/binary_sensor/menwei-d-1-gate-1';
    expect(configOf(`${node}/north-lock/config`)).toMatchObject({ device_class: 'lock', payload_on: 'ON' });
    expect(configOf(`${node}/south-lock/config`)).toMatchObject({ device_class: 'lock' });
    expect(configOf(`${node}/north-door/config`)).toMatchObject({ device_class: 'door' });
    expect(configOf(`${node}/south-door/config`)).toBeUndefined();
  });

  test('takes no commands', () => {
    for (const { payload } of messages) expect(payload).not.toMatch(/command/);
  });

  test('the entry event has decision, lane and refusal, and nothing that names a person', () => {
    const entry = configOf('homeassistant/event/menwei-d-1-gate-1/entry/config');
    expect(entry).toMatchObject({ event_types: ['granted', 'refused', 'guard', 'manual'] });
    const fields = [...String(entry?.['value_template']).matchAll(/row\.(\w+)/g)].map(([, field]) => field);
    expect(new Set(fields)).toEqual(new Set(['decision', 'lane', 'refusal']));
  });
});
