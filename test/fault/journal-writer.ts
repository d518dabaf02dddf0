import { writeSync } from 'node:fs';
import { openJournal } from '../../src/journal/index.ts';
import { testDraft, testOptions } from '../../src/journal/testing.ts';

/** Once its input ends, appends in a loop until it is killed, and prints sequence number and hash of each row that was acknowledged. */
const [file] = process.argv.slice(2);
await process.stdin.toArray();
const journal = openJournal(testOptions(file ?? ''));
let next = (journal.head?.seq ?? 0) + 1;

for (let step = 0; ; step += 1) {
  const drafts = Array.from({ length: 1 + (step % 3) }, (_, more) => testDraft(step + more));
  const memory = drafts.map((_, more) => ({ key: `used/${next + more}`, value: '1' }));
  const done = journal.append(drafts, memory, 'code');
  if (!done.ok) throw new Error(done.error.detail);
  writeSync(1, done.value.map(({ seq, hash }) => `${seq} ${hash}\n`).join(''));
  next += drafts.length;
  // Rotates the log often, so that cuts fall into that too.
  if (step % 40 === 39) journal.maintain();
}
