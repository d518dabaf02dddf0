import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { DistrictConfig } from '../../../config/district.ts';
import type { ServerBroker } from '../../district/index.ts';

/** Configuration → how the district's mosquitto is kept, and told that its files have changed. */

type Configured = NonNullable<Extract<DistrictConfig['broker'], { type: 'server' }>['mosquitto']>;

const COMMAND_WITHIN_MS = 10_000;

export function mosquittoOf({ reload, ...rest }: Configured): NonNullable<ServerBroker['mosquitto']> {
  const { folder, port, passwordPort, homeAssistant } = rest;
  return {
    folder,
    port,
    homeAssistant,
    ...(passwordPort === undefined ? {} : { passwordPort }),
    ...(reload === undefined ? {} : { reload: () => tell(reload) }),
  };
}

/** No shell is asked: the arguments are the command's own. @throws when the broker was not told */
async function tell(reload: NonNullable<Configured['reload']>): Promise<void> {
  if ('pidFile' in reload) {
    const pid = Number((await readFile(reload.pidFile, 'utf8')).trim());
    if (!Number.isSafeInteger(pid) || pid < 2)
      throw new Error(`broker.mosquitto.reload.pidFile: ${reload.pidFile} holds no process id`);
    process.kill(pid, 'SIGHUP');
    return;
  }
  const [file = '', ...args] = reload.command;
  await promisify(execFile)(file, args, { timeout: COMMAND_WITHIN_MS });
}
