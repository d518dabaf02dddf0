import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from './database/database.ts';
import { markRestored } from './restored.ts';

test('an older copy brings back no invitation that was used since, and no request that was carried out since', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'menwei-restored-'));
  const place = join(folder, 'district.sqlite');
  try {
    const copied = await openDatabase(place);
    const account = { name: 'li-1', roles: 'operator', password: null, disabled: 0, signed_in_at: null };
    await copied
      .insertInto('account')
      .values({ ...account, opened_at: 1, invited_by: 'machine' })
      .execute();
    await copied
      .insertInto('invitation')
      .values({ hash: 'a'.repeat(64), account: 'li-1', expires_at: 9_000_000_000_000 })
      .execute();
    const request = { id: 'b'.repeat(16), action: 'release doors', body: '{}', digest: 'c'.repeat(64) };
    await copied
      .insertInto('approval')
      .values({
        ...request,
        state: 'open',
        asked_by: 'li-1',
        asked_at: 1,
        expires_at: 9_000_000_000_000,
        decided_by: null,
      })
      .execute();
    await copied.destroy();
    await markRestored({ place, now: 1_790_000_000_000 });
    const restored = await openDatabase(place);
    expect(await restored.selectFrom('invitation').selectAll().execute()).toEqual([]);
    expect(await restored.selectFrom('approval').select(['state', 'body']).execute()).toEqual([
      { state: 'expired', body: null },
    ]);
    await restored.destroy();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
