import { parseArgs } from 'node:util';
import { findCameras, findReaders } from '../../../device/scanner/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';

/**
 * `menwei reader list`: what is plugged in and could be a reader, as a configuration names it. It opens no device, so a gate may
 * run meanwhile.
 */
export { readerList as run };

const USAGE = 'usage: menwei reader list [--json]\n';
const NOTHING =
  '未找到读码器，请检查 USB 接口 / No reader found, check its plug. (Pi 摄像头 / the Pi’s own camera: type: camera, source: rpicam)\n';
/** Names the kernel gives anew at each start. */
const UNSTABLE = /^\/dev\/hidraw\d+$/;

interface Listed {
  readonly type: string;
  readonly path: string;
}

/** @param root `/`, or a copy of it in tests @returns 0 when there is one, 1 when there is none, 2 when not understood */
export async function readerList(args: readonly string[], io: CommandIo, root = '/'): Promise<number> {
  const json = wantsJson(args);
  if (json === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const cameras = (await findCameras(root)).map((path) => ({ type: 'camera', path }));
  const found: Listed[] = [...(await findReaders(root)), ...cameras];
  await writeTo(io.output, json ? `${JSON.stringify(found)}\n` : inWords(found));
  return found.length > 0 ? EXIT.done : EXIT.failed;
}

function wantsJson(args: readonly string[]): boolean | undefined {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean' } } }).values.json === true;
  } catch {
    return undefined;
  }
}

function inWords(found: readonly Listed[]): string {
  if (found.length === 0) return NOTHING;
  return found.map(({ type, path }) => `${type.padEnd(8)}  ${path}${warningOf(path)}\n`).join('');
}

function warningOf(path: string): string {
  return UNSTABLE.test(path)
    ? '\n          重启后名称可能改变，请安装 70-menwei.rules / This name may change; install 70-menwei.rules'
    : '';
}
