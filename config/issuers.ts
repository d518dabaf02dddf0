import { z } from 'zod';
import type { CrossProblem } from './read.ts';
import { id } from './parts.ts';

/** Who signs codes in a district: names, scopes and spans of the issuers, and what may not stand together. */

const kind = z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(5)]);
const community = z.int().min(0).max(0xffff_ffff);

const issuer = z.strictObject({
  name: id.meta({ description: 'Of the channel that issues under these keys. Keep it: keys belong to it.' }),
  suite: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .meta({
      description: '1: Ed25519. 2: SM2 with SM3, for kinds 1, 4 and 5.',
    }),
  kinds: z.array(kind).min(1).max(4).optional().meta({
    description: 'Kinds of code that it may sign. Absent: all of its suite.',
  }),
  communities: z.array(community).min(1).max(4_096).optional().meta({
    description: 'Communities that it may sign for. Absent: all.',
  }),
  signDays: z.int().min(30).max(3_650).default(180).meta({
    description: 'A key signs for so long; the next one is made 14 days before.',
  }),
  verifyDays: z.int().min(31).max(7_300).default(547).meta({
    description:
      'Codes under a key count for so long from its first day; at least signDays and the longest code.',
  }),
});

export const issuers = z
  .array(issuer)
  .min(1)
  .max(32)
  .prefault([{ name: 'district' }])
  .meta({ description: 'Who signs codes. For each code the first that may; a request can name another.' });

export const issuerLeadMinutes = z.int().min(0).max(1_440).default(60).meta({
  description: 'A new key is published so long before it signs, unless all connected gates have it before.',
});

interface Checked {
  readonly issuers: z.output<typeof issuers>;
  readonly communities: readonly { readonly id: number }[];
}

export function issuerProblems({ issuers: all, communities }: Checked): CrossProblem[] {
  const names = all.map(({ name }) => name);
  return all.flatMap((one, at) => {
    const problem = (key: string, message: string): CrossProblem => ({
      path: ['issuers', at, key],
      key: `issuers[${at}].${key}`,
      message,
    });
    const strange = one.communities?.find((each) => !communities.some((known) => known.id === each));
    return [
      ...(names.indexOf(one.name) === at
        ? []
        : [problem('name', `${one.name} is there twice; give each its own name`)]),
      ...(one.suite === 2 && one.kinds?.includes(2) === true
        ? [problem('kinds', 'suite 2 signs kinds 1, 4 and 5; leave out 2, or use suite 1')]
        : []),
      ...(strange === undefined
        ? []
        : [problem('communities', `${strange} is none of communities; name it there, or leave it out`)]),
      ...(one.verifyDays > one.signDays
        ? []
        : [
            problem(
              'verifyDays',
              'codes must count for longer than the key signs; make it larger than signDays',
            ),
          ]),
    ];
  });
}
