import { useEffect, useState } from 'preact/hooks';
import {
  type Language,
  type SetupDevice,
  type SetupReader,
  type SetupState,
  setupChanged,
  setupDevices,
} from '../../wire/index.ts';
import { Button } from '../kit/index.ts';
import { call, type Failure } from './call.ts';
import { Failed } from './failed.tsx';
import { LaneChoice } from './lane-choice.tsx';
import { ReaderTest } from './reader-test.tsx';
import type { StepProps } from './step.ts';
import { readers, readerTypes, words } from './words.ts';

/** What is plugged in, found live; each is tested with the set-up symbol and chosen for a lane. */

const LOOK_EVERY_MS = 2_500;
type Lane = SetupState['lanes'][number];

export function ReadersStep({ state, language, look }: StepProps) {
  const [laneName, setLane] = useState(state.lanes[0]?.lane);
  const lane = state.lanes.find((each) => each.lane === laneName) ?? state.lanes[0];
  const devices = useDevices();
  const [tested, setTested] = useState<SetupReader>();
  const [failure, setFailure] = useState<Failure>();
  const [holds, setHolds] = useState<'now' | 'next-start'>();
  if (lane === undefined) return null;
  const change = async (method: 'PUT' | 'DELETE', path: string, body?: object) => {
    const answer = await call(method, `lanes/${lane.lane}/${path}`, {
      ...(body && { body }),
      read: setupChanged,
    });
    setFailure(answer.ok ? undefined : answer.error);
    setHolds(answer.ok ? answer.value.holds : undefined);
    await look();
  };
  const use = (reader: SetupReader) => void change('PUT', 'readers', { reader });
  const names = state.lanes.flatMap((each) => each.readers.map(({ id }) => id));
  return (
    <section class="card">
      <h2>{readers.title[language]}</h2>
      <LaneChoice lanes={state.lanes} chosen={lane.lane} choose={setLane} language={language} />
      <Present {...{ lane, language }} remove={(id) => void change('DELETE', `readers/${id}`)} />
      <Failed failure={failure} language={language} />
      {holds !== undefined && (
        <p class="good" role="status">
          ✓ {(holds === 'now' ? words.saved : words.savedForLater)[language]}
        </p>
      )}
      <h3>{readers.found[language]}</h3>
      {devices.length === 0 && <p class="soft">{readers.none[language]}</p>}
      <ul class="devices">
        {devices.map((device) => (
          <Device
            key={device.path}
            device={device}
            language={language}
            test={() => setTested(readerOf(device, state.lanes))}
            use={() => use(readerOf(device, state.lanes))}
          />
        ))}
      </ul>
      {!lane.readers.some(({ type }) => type === 'display') && (
        <p class="row">
          <span>{readers.page[language]}</span>
          <Button press={() => use({ type: 'display', id: freeName('page', names) })}>
            {readers.addPage[language]}
          </Button>
        </p>
      )}
      {tested !== undefined && (
        <ReaderTest
          reader={tested}
          setupText={state.setupText}
          language={language}
          close={() => setTested(undefined)}
          use={() => {
            setTested(undefined);
            use(tested);
          }}
        />
      )}
    </section>
  );
}

function useDevices(): readonly SetupDevice[] {
  const [devices, setDevices] = useState<readonly SetupDevice[]>([]);
  useEffect(() => {
    const look = async () => {
      const answer = await call('GET', 'devices', { read: setupDevices });
      if (answer.ok) setDevices(answer.value.devices);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return devices;
}

interface PresentProps {
  readonly lane: Lane;
  readonly language: Language;
  readonly remove: (id: string) => void;
}

function Present({ lane, language, remove }: PresentProps) {
  return (
    <>
      <h3>{readers.present[language]}</h3>
      <ul class="devices">
        {lane.readers.map(({ id, type, path, ready }) => (
          <li key={id} class="device">
            <p>
              <strong>{id}</strong>
              <span class="soft">
                {readerTypes[type]?.[language] ?? type}
                {path === undefined ? '' : ` · ${shortName(path)}`}
              </span>
            </p>
            <span class={ready ? 'state good' : 'state warn'}>
              {ready ? `✓ ${readers.ready[language]}` : `! ${readers.notReady[language]}`}
            </span>
            {lane.readers.length > 1 && (
              <Button press={() => remove(id)} label={`${readers.remove[language]} ${id}`}>
                {readers.remove[language]}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

interface DeviceProps {
  readonly device: SetupDevice;
  readonly language: Language;
  readonly test: () => void;
  readonly use: () => void;
}

function Device({ device, language, test, use }: DeviceProps) {
  const name = shortName(device.path);
  return (
    <li class="device">
      <p>
        <strong>{name}</strong>
        <span class="soft">{readerTypes[device.type]?.[language]}</span>
      </p>
      {device.type !== 'camera' && (
        <Button press={test} label={`${readers.test[language]} ${name}`}>
          {readers.test[language]}
        </Button>
      )}
      {device.reader === undefined ? (
        <Button look="main" press={use} label={`${readers.use[language]} ${name}`}>
          {readers.use[language]}
        </Button>
      ) : (
        <span class="state soft">
          {readers.usedAs[language]} {device.reader}
        </span>
      )}
    </li>
  );
}

/** `/dev/serial/by-id/usb-Honeywell_1900-if00` → `Honeywell 1900`. */
function shortName(path: string): string {
  const last = path.split('/').at(-1) ?? path;
  return last
    .replace(/^usb-/, '')
    .replace(/-(if\d+.*|event-kbd|video-index\d+)$/, '')
    .replaceAll('_', ' ');
}

/** One that is configured is tested as it is configured. */
function readerOf({ type, path, reader }: SetupDevice, lanes: SetupState['lanes']): SetupReader {
  const configured = lanes.flatMap((lane) => lane.readers);
  const names = configured.map(({ id }) => id);
  const before = configured.find((each) => each.id === reader);
  const id = reader ?? freeName(type === 'camera' ? 'camera' : 'scanner', names);
  switch (type) {
    case 'serial':
      return { type, id, path, baudRate: before?.baudRate ?? 9_600 };
    case 'keyboard':
      return { type, id, path, layout: before?.layout ?? 'us' };
    case 'hid-pos':
      return { type, id, path };
    case 'camera':
      return { type, id, path, source: 'ffmpeg' };
  }
}

function freeName(base: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
