import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../device/clock/index.ts';
import { writeBrokerFiles } from '../../district/index.ts';
import { type CommandModule, EXIT, writeTo } from '../command.ts';
import { givenDistrict } from '../given-config.ts';
import { createLog } from '../log.ts';

/**
 * `menwei district broker-config --config FILE --out DIR`: writes what a mosquitto needs to know of the district's gates, once.
 * With `broker.mosquitto` in the configuration the running district keeps the same files up to date by itself.
 */

const USAGE = 'usage: menwei district broker-config --config FILE --out DIR [--port PORT]\n';

export const run: CommandModule['run'] = async (args, io) => {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenDistrict(options.config, io);
  if (config === undefined) return EXIT.failed;
  const { district, dataDir, database, broker } = config;
  const kept = broker.type === 'server' ? broker.mosquitto : undefined;
  const urls = [broker.publicUrl, broker.type === 'server' ? broker.url : undefined];
  await writeBrokerFiles({
    district,
    dataDir,
    ...(database.url === undefined ? {} : { database: database.url }),
    mosquitto: {
      folder: options.out,
      port: options.port ?? kept?.port ?? 8_883,
      homeAssistant: kept?.homeAssistant ?? false,
      ...(kept?.passwordPort === undefined ? {} : { passwordPort: kept.passwordPort }),
    },
    urls,
    clock: systemClock(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: createLog('warn', io.error),
  });
  await writeTo(io.output, `${options.out}: menwei.conf and what it names; include it in mosquitto.conf\n`);
  return EXIT.done;
};

interface Options {
  readonly config: string;
  readonly out: string;
  readonly port?: number;
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, out: { type: 'string' }, port: { type: 'string' } },
    });
    const { config, out, port } = values;
    if (config === undefined || out === undefined) return undefined;
    if (port === undefined) return { config, out: resolve(out) };
    const number = Number(port);
    const isPort = Number.isInteger(number) && number > 0 && number < 65_536;
    return isPort ? { config, out: resolve(out), port: number } : undefined;
  } catch {
    return undefined;
  }
}
