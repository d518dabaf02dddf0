import { readFileSync } from 'node:fs';
import type { BrokerConfig } from '../../../config/schema.ts';
import type { BrokerSettings, ReportOptions } from '../../report/index.ts';
import { keptBrokerPassword } from './broker-password.ts';

/**
 * Configuration → what reporting needs to reach its brokers; certificates are read once, at start. A password that the
 * configuration does not name is the one of the gate's enrolment.
 */
export function brokerSettings(config: BrokerConfig, dataDir: string): ReportOptions['settings'] {
  const { community, homeAssistant, ...own } = config;
  const password = own.password ?? keptBrokerPassword(dataDir);
  return {
    ...clientSettings('mqtt', { ...own, ...(password === undefined ? {} : { password }) }),
    homeAssistant,
    ...(community === undefined ? {} : { community: clientSettings('mqtt.community', community) }),
  };
}

/** @param name of the key under which these settings stand */
export function clientSettings(
  name: string,
  {
    url,
    otherUrls,
    username,
    password,
    tls,
    protocolVersion,
  }: Omit<BrokerConfig, 'community' | 'homeAssistant'>,
): BrokerSettings {
  const authority = pem(`${name}.tls.authority`, tls.authority);
  const certificate = pem(`${name}.tls.certificate`, tls.certificate);
  const key = pem(`${name}.tls.key`, tls.key);
  return {
    url,
    ...(otherUrls.length === 0 ? {} : { otherUrls }),
    protocolVersion,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    tls: {
      ...(authority === undefined ? {} : { authority }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
  };
}

function pem(name: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${name}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
