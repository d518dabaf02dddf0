import { expect, test } from 'vitest';
import { whyNoBroker } from './broker-words.ts';

test.each([
  ['4', 'user name and password'],
  ['134', 'user name and password'],
  ['5', 'access rules'],
  ['135', 'access rules'],
  ['133', 'client id'],
  ['132', 'protocolVersion'],
  ['ECONNREFUSED', 'nobody listens'],
  ['ENOTFOUND', 'name is not known'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.authority'],
  ['anything else', 'broker’s own log'],
])('a connection that failed with %s is explained', (code, words) => {
  expect(whyNoBroker(code)).toContain(words);
});
