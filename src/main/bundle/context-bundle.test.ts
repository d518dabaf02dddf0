import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCode } from '../../code/index.ts';
import { nodeEngine } from '../../crypto/index.ts';
import { openTrust } from '../../trust/index.ts';
import { SimulatedDisk } from '../../trust/testing.ts';
import { createVerifier } from '../../verify/index.ts';
import { contextFile } from '../../wire/index.ts';
import { bundleOf } from './context-bundle.ts';
import { roleKeys } from './role-keys.ts';

const vectors = join(import.meta.dirname, '../../../test/vectors');

interface Case {
  readonly name?: string;
  readonly text: string;
  readonly refusal?: string;
}

describe('a bundle made of a published context', () => {
  it.each(['code-v1-day.json', 'code-v1-night.json'])(
    'lets a gate judge every code of %s as published',
    async (file) => {
      const published: unknown = JSON.parse(readFileSync(join(vectors, file), 'utf8'));
      const context = contextFile.parse(published);
      const { valid, refused } = published as { valid: Case[]; refused: Case[] };
      const made = await bundleOf({ context, keys: await roleKeys(context.district.id), at: context.now });
      const trust = await openTrust({
        directory: '/trust',
        disk: new SimulatedDisk(),
        district: context.district.id,
        community: context.community,
        gate: 'north-1',
        root: { document: made.root },
        engine: nodeEngine(),
        plainRoster: true,
      });
      const now = { seconds: context.now, quality: 'synced', errorSeconds: 0 } as const;
      expect((await trust.importBundle(made.bundle, now)).refused).toEqual([]);

      const snapshot = trust.snapshot();
      const { skewSeconds, windowSeconds, wideningMaxSeconds, lane } = snapshot.policy;
      const rules = { skewSeconds, windowSeconds, wideningMaxSeconds, who: lane.who };
      const verify = createVerifier(nodeEngine());
      const judge = (text: string): string | undefined => {
        const parsed = parseCode(text);
        if (!parsed.ok) return parsed.error.refusal;
        const result = verify(parsed.value, { trust: snapshot, rules }, now);
        return result.ok ? undefined : result.error.refusal;
      };
      for (const { text, refusal, name } of [...valid, ...refused]) expect(judge(text), name).toBe(refusal);
    },
  );
});
