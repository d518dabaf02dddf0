import { expect, test } from 'vitest';
import { openTrust } from '../../test/twins/gate.ts';
import { memoryLog, until } from '../../test/twins/broker.ts';
import { Documents } from './documents.ts';

test('what a broker had kept and sends late does not push aside what came live before it', async () => {
  const trust = openTrust();
  const documents = new Documents({ trust, log: memoryLog(), wantWhole: () => undefined });
  const send = (text: string, retained: boolean) =>
    documents.take('menwei/1/d-1/trust/policy', { payload: Buffer.from(text), retained });
  send('a.root.first', false);
  send('a.new.one', false);
  send('a.newer.one', false);
  send('a.kept.one', true);
  await until(() => trust.documents.includes('a.kept.one'), 'all were handed on');
  expect(trust.documents).toEqual(['a.root.first', 'a.newer.one', 'a.kept.one']);
});
