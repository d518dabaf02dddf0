import type { Outgoing } from '../link/index.ts';
import { gateTopic, type StatusPayload } from '../wire/index.ts';

/**
 * What Home Assistant discovers of a gate (MQTT discovery, retained): states and the kind of the last entry, never who.
 * It is given no topic to command by: a lock is told as a sensor, since the lock of Home Assistant demands one.
 */
export interface Discovered {
  readonly district: string;
  readonly gate: string;
  readonly status: Pick<StatusPayload, 'software' | 'lanes'>;
}

type Entity = Readonly<Record<string, unknown>>;

export function discoveryMessages({ district, gate, status }: Discovered): readonly Outgoing[] {
  const node = `menwei-${district}-${gate}`;
  const statusTopic = gateTopic(district, gate, 'status');
  const common = {
    availability_topic: statusTopic,
    availability_template: '{{ value_json.state }}',
    payload_available: 'online',
    payload_not_available: 'offline',
    qos: 1,
    device: {
      identifiers: [node],
      name: `Menwei ${gate}`,
      manufacturer: 'Menwei',
      sw_version: status.software,
    },
    origin: { name: 'menwei', sw_version: status.software },
  };
  const config = (component: string, object: string, entity: Entity): Outgoing => ({
    topic: `homeassistant/${component}/${node}/${object}/config`,
    payload: JSON.stringify({ ...common, unique_id: `${node}-${object}`, ...entity }),
    qos: 1,
    retain: true,
  });
  const doors = status.lanes.flatMap(({ lane, door }) => [
    config('binary_sensor', `${lane}-lock`, {
      ...doorEntity(statusTopic, lane, 'relayOn'),
      name: `${lane} lock`,
      device_class: 'lock',
    }),
    ...(door?.open === undefined
      ? []
      : [
          config('binary_sensor', `${lane}-door`, {
            ...doorEntity(statusTopic, lane, 'open'),
            name: `${lane} door`,
            device_class: 'door',
          }),
        ]),
  ]);
  const health = Object.entries(HEALTH).map(([object, { path, ...entity }]) =>
    config('sensor', object, {
      ...entity,
      state_topic: gateTopic(district, gate, 'health'),
      value_template: `{{ ${path} | default(none) }}`,
      entity_category: 'diagnostic',
      state_class: 'measurement',
    }),
  );
  return [...doors, config('event', 'entry', entryEntity(gateTopic(district, gate, 'live'))), ...health];
}

/** On: the relay is on, or the door stands open. */
function doorEntity(statusTopic: string, lane: string, field: 'relayOn' | 'open'): Entity {
  const door = `(value_json.lanes | selectattr('lane', 'eq', '${lane}') | first).door`;
  return {
    state_topic: statusTopic,
    value_template: `{{ 'ON' if ${door}.${field} else 'OFF' }}`,
    payload_on: 'ON',
    payload_off: 'OFF',
  };
}

const ENTRY_EVENTS = ['granted', 'refused', 'guard', 'manual'] as const;

/** Only these words of a row become attributes; an empty answer is no event. */
function entryEntity(liveTopic: string): Entity {
  const kept =
    "{'event_type': row.decision, 'lane': row.lane | default(''), 'refusal': row.refusal | default('')}";
  const isEntry = `row.decision in ${JSON.stringify(ENTRY_EVENTS)}`;
  return {
    name: 'entry',
    state_topic: liveTopic,
    event_types: ENTRY_EVENTS,
    value_template: `{% set row = value_json.row %}{% if ${isEntry} %}{{ ${kept} | tojson }}{% endif %}`,
  };
}

/** What a machine cannot measure is missing, and then unknown. */
const HEALTH = {
  'unsent-rows': { name: 'unsent rows', path: 'value_json.unsentRows' },
  queue: { name: 'queue', path: 'value_json.queueDepth' },
  latency: {
    name: 'scan to relay, 99 %',
    path: '(value_json.latency | default({})).p99Ms',
    unit_of_measurement: 'ms',
    device_class: 'duration',
  },
  'storage-free': {
    name: 'storage free',
    path: '(value_json.storage | default({})).freeBytes',
    unit_of_measurement: 'B',
    device_class: 'data_size',
  },
  temperature: {
    name: 'temperature',
    path: 'value_json.temperatureC',
    unit_of_measurement: '°C',
    device_class: 'temperature',
  },
} as const;
