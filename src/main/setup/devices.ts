import { readdir } from 'node:fs/promises';
import type { GateFile } from '../../../config/schema.ts';
import { findReaders, judgeReader } from '../../../device/scanner/index.ts';
import type { Clock } from '../../ports/index.ts';
import { LISTEN_MS_MAX } from '../../setup/index.ts';
import type { SetupDevice, SetupReader, SetupReaderVerdict } from '../../wire/index.ts';
import { lookAt } from '../doctor/machine-view.ts';
import { type ListenedReader, listenToReader } from '../reader/reader-listen.ts';
import { wordsOfFinding } from '../reader/reader-words.ts';

/** What is plugged in and could be a reader, and what one of them says when it is shown the set-up symbol. */

const CAMERAS = '/dev/v4l/by-id';

export async function listDevices(lanes: GateFile['lanes']): Promise<SetupDevice[]> {
  const cameras = (await readdir(CAMERAS).catch(() => [] as string[]))
    .filter((name) => name.endsWith('-video-index0'))
    .map((name) => ({ type: 'camera' as const, path: `${CAMERAS}/${name}` }));
  return [...(await findReaders()), ...cameras].map((device) => {
    const reader = readerAt(lanes, device.path);
    return { ...device, ...(reader === undefined ? {} : { reader }) };
  });
}

/** Links may differ and still lead to one device. @returns the id under which it is configured */
export function readerAt(lanes: GateFile['lanes'], path: string): string | undefined {
  const real = lookAt(path)?.real ?? path;
  return lanes
    .flatMap(({ readers }) => readers)
    .find((reader) => 'path' in reader && (lookAt(reader.path)?.real ?? reader.path) === real)?.id;
}

const SOURCES = { serial: 'serial', keyboard: 'keyboard', 'hid-pos': 'hid' } as const;

/**
 * A camera is tested with its picture: what is shown to it either is read or is not.
 * @param lanes one that is configured is listened to as its line is set there
 */
export async function testReader(
  reader: SetupReader,
  clock: Clock,
  lanes: GateFile['lanes'],
): Promise<SetupReaderVerdict> {
  if (reader.type === 'display' || reader.type === 'camera') return NOT_TYPED;
  const line = reader.type === 'serial' ? lineAt(lanes, reader.path) : undefined;
  const typed = await listenToReader(
    {
      source: SOURCES[reader.type],
      path: reader.path,
      layout: reader.type === 'keyboard' ? reader.layout : 'us',
      baudRate: reader.type === 'serial' ? reader.baudRate : 9_600,
      ...(line === undefined ? {} : { line }),
      waitMs: LISTEN_MS_MAX,
    },
    clock,
  );
  const { usable, findings } = judgeReader(typed, reader.type === 'keyboard' ? reader.layout : 'us');
  return {
    usable,
    heard: typed.texts.length > 0,
    findings: findings.map((finding) => {
      const [zh, en] = wordsOfFinding(finding);
      return { zh, en };
    }),
  };
}

function lineAt(lanes: GateFile['lanes'], path: string): ListenedReader['line'] {
  const id = readerAt(lanes, path);
  const found = lanes.flatMap(({ readers }) => readers).find((reader) => reader.id === id);
  if (found?.type !== 'serial') return undefined;
  const { dataBits, parity, stopBits, rtscts } = found;
  return { dataBits, parity, stopBits, rtscts };
}

const NOT_TYPED: SetupReaderVerdict = {
  usable: false,
  heard: false,
  findings: [
    {
      zh: '摄像头请在门禁启动后，用显示页试读',
      en: 'Cameras are tried at the display page, once the gate has started',
    },
  ],
};
