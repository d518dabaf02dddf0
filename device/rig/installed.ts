import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type Images, run } from './images.ts';

/**
 * A virtual Pi whose root is a whole Debian with systemd as its first program, for the package as people install it. Of the rig
 * it has the kernel's modules, the board's lines and the agent, and nothing of the appliance: that comes by dpkg.
 */
export const SYSTEMD = '/usr/lib/systemd/systemd';
/** Starts of the rig's own units, as `systemctl enable` would link them. */
const UNITS = { 'rig-board': 'sysinit', 'rig-agent': 'multi-user', 'rig-log': 'multi-user' } as const;
const OF_THE_RIG = ['usr/lib/modules', 'usr/bin/kmod', 'usr/sbin/modprobe'];

export interface InstalledParts {
  /** Kept for the next time; the rig's own images lie there. */
  readonly folder: string;
  readonly images: Images;
  /** A bare Debian, packed by tar. */
  readonly debian: string;
  /** Laid into /srv under their own names: the package, the gate's files. */
  readonly brought: readonly string[];
  /** Laid at these places of the root. */
  readonly laid: Readonly<Record<string, string>>;
}

/** @returns images to boot with `init: SYSTEMD`; the layer is the caller's to remove */
export async function buildInstalled(parts: InstalledParts, layer: string): Promise<Images> {
  const root = join(parts.folder, 'debian.sqfs');
  if (!existsSync(root) || statSync(root).mtimeMs < statSync(parts.debian).mtimeMs) {
    const pack = ['-comp', 'lz4', '-no-progress', '-quiet', `${root}.part`];
    await run('sh', ['-c', 'from="$1"; shift; exec sqfstar "$@" <"$from" >&2', 'sh', parts.debian, ...pack]);
    renameSync(`${root}.part`, root);
  }
  await layLayer(parts, layer);
  return { ...parts.images, root, app: layer };
}

async function layLayer(parts: InstalledParts, layer: string): Promise<void> {
  const root = `${layer}.new`;
  rmSync(root, { recursive: true, force: true });
  try {
    await run('unsquashfs', ['-q', '-n', '-d', root, parts.images.root, ...OF_THE_RIG]);
    cpSync(join(import.meta.dirname, 'guest'), join(root, 'rig'), { recursive: true });
    layUnits(root);
    for (const file of parts.brought) cpSync(file, join(root, 'srv', basename(file)), { recursive: true });
    for (const [to, file] of Object.entries(parts.laid)) cpSync(file, join(root, to));
    const pack = ['-all-root', '-comp', 'lz4', '-no-progress', '-quiet', '-noappend'];
    await run('mksquashfs', [root, layer, ...pack]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function layUnits(root: string): void {
  const from = join(import.meta.dirname, 'guest-systemd');
  const units = join(root, 'etc/systemd/system');
  mkdirSync(units, { recursive: true });
  for (const name of readdirSync(from).filter((each) => each.endsWith('.service')))
    cpSync(join(from, name), join(units, name));
  for (const [unit, target] of Object.entries({ ...UNITS, 'systemd-networkd': 'multi-user' })) {
    const wants = join(units, `${target}.target.wants`);
    mkdirSync(wants, { recursive: true });
    const place = unit.startsWith('rig-') ? '/etc/systemd/system' : '/usr/lib/systemd/system';
    symlinkSync(`${place}/${unit}.service`, join(wants, `${unit}.service`));
  }
  cpSync(join(from, 'rig-modules.conf'), join(root, 'etc/modules-load.d/rig.conf'));
  cpSync(join(from, 'rig-watchdog.conf'), join(root, 'etc/systemd/system.conf.d/90-rig.conf'));
  cpSync(join(from, 'rig-gate.conf'), join(units, 'menwei-gate.service.d/rig.conf'));
  cpSync(join(from, 'rig-net.network'), join(root, 'etc/systemd/network/10-rig.network'));
}
