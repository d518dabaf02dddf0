import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fastFolder, later, proveNothingLost, run, whyNoMounts, Writer } from './journal-support.ts';
import { byTier, seeded, TEST_MS_MAX } from './tier.ts';

/**
 * A power cut keeps what the disk has and loses what the kernel had not written yet. The disk is an image file behind a
 * loop device; a copy of it, taken while the writer stands still, is the disk after the cut.
 */
const cuts = byTier({ push: 25, long: 300, release: 1_000 });
const IMAGE_MIB = 24;
const COPIES_MAX = 200;
const TURNS_MAX = 5_000;

const folder = mkdtempSync(join(fastFolder(), 'menwei-power-'));
const [disk, after] = [join(folder, 'disk'), join(folder, 'after')];
const mounted = new Set<string>();

const impossible = whyNoMounts('mkfs.ext4', 'losetup') ?? mountDisk();
if (impossible !== undefined) process.stderr.write(`power cuts are not tried: ${impossible}\n`);

afterAll(() => {
  for (const place of mounted) run('umount', '-l', place);
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(impossible !== undefined)(
  `power cuts, ${cuts} times: every acknowledged row is on the disk`,
  async () => {
    const random = seeded(31);
    const writer = new Writer(join(disk, 'journal.sqlite'));
    writer.begin();
    try {
      for (let cut = 0; cut < cuts; cut += 1) {
        await writer.acknowledges(writer.acknowledged.size + 1);
        await later(random(90));
        await cutPower(writer);
      }
    } finally {
      await writer.kill();
    }
    expect(writer.acknowledged.size).toBeGreaterThan(cuts);
  },
  TEST_MS_MAX,
);

async function cutPower(writer: Writer): Promise<void> {
  writer.signal('SIGSTOP');
  await standsStill(writer.pid);
  // What was printed before the writer stood still is in the pipe; one turn brings it here.
  await later(20);
  const acknowledged = new Map(writer.acknowledged);
  await copyOfOneMoment(`${disk}.img`, `${after}.img`);
  writer.signal('SIGCONT');
  mount(`${after}.img`, after);
  try {
    proveNothingLost(join(after, 'journal.sqlite'), acknowledged);
  } finally {
    run('umount', after);
    mounted.delete(after);
  }
}

/**
 * The file system goes on writing while the writer stands still: a copy whose beginning is older than its end is a disk
 * that never was. What is the same after the copy as in it was so at the end of the copy, all of it at once.
 */
async function copyOfOneMoment(from: string, to: string): Promise<void> {
  for (let attempt = 0; attempt < COPIES_MAX; attempt += 1) {
    const copy = readFileSync(from);
    if (copy.equals(readFileSync(from))) return writeFileSync(to, copy);
    await later(5);
  }
  throw new Error('the disk does not stand still');
}

/** Every thread: the one that writes may be another than the first. */
async function standsStill(pid: number): Promise<void> {
  const place = `/proc/${pid}/task`;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const states = readdirSync(place).map((thread) => readFileSync(`${place}/${thread}/stat`, 'utf8'));
    if (states.every((state) => /\) T /.test(state))) return;
    await later(1);
  }
  throw new Error('the writer does not stand still');
}

/** @returns why not */
function mountDisk(): string | undefined {
  try {
    run('dd', 'if=/dev/zero', `of=${disk}.img`, 'bs=1M', `count=${IMAGE_MIB}`);
    run('mkfs.ext4', '-q', '-F', `${disk}.img`);
    mount(`${disk}.img`, disk);
    return undefined;
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error).trim();
  }
}

function mount(image: string, at: string): void {
  mkdirSync(at, { recursive: true });
  run('mount', '-o', 'loop', image, at);
  mounted.add(at);
}
