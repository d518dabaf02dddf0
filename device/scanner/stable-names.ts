import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * The name under which a device will be found again, for each device of a kind: by what it says of itself while nothing else
 * plugged in says the same, else by the port it is plugged into. Of two alike readers without serial numbers both would be
 * one link, which leads to either.
 */
export interface NamedKind {
  /** Links by vendor, product and serial number; below /dev. */
  readonly ids: LinkPattern;
  /** Links by port. */
  readonly ports: LinkPattern;
  /** Its class below /sys/class, in which a device has the name of its node. */
  readonly sysClass: string;
}

interface LinkPattern {
  readonly folder: string;
  readonly pattern: RegExp;
}

/** Steps from a device's own folder in /sys up to that of its USB device; hubs come after it. */
const LEVELS_MAX = 12;

interface Link {
  readonly path: string;
  readonly node: string;
}

interface UsbDevice {
  readonly folder: string;
  readonly identity: string;
}

/**
 * @param root `/`, or a copy of it in tests
 * @param more nodes that are of this kind though no link leads to them
 * @returns from the node's own name (`ttyACM0`) to the path to configure
 */
export async function stableNames(
  root: string,
  kind: NamedKind,
  more: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const ids = await linksOf(root, kind.ids);
  const ports = await linksOf(root, kind.ports);
  const nodes = [...new Set([...ids, ...ports].map(({ node }) => node).concat(more))];
  const usb = new Map<string, UsbDevice | undefined>();
  for (const node of nodes) usb.set(node, await usbDeviceOf(root, join('sys/class', kind.sysClass, node)));
  const idOf = (node: string) => ids.find((link) => link.node === node)?.path;
  const hasTwin = (node: string) =>
    nodes.some((other) => other !== node && isTwin(usb.get(node), usb.get(other), idOf(other)));
  return new Map(
    nodes.flatMap((node) => {
      const port = ports.find((link) => link.node === node)?.path;
      const path = hasTwin(node) ? (port ?? idOf(node)) : (idOf(node) ?? port);
      return path === undefined ? [] : [[node, path]];
    }),
  );
}

/** Two ports of one device have a link each; where one has none, the other has it by chance. */
function isTwin(
  one: UsbDevice | undefined,
  other: UsbDevice | undefined,
  otherId: string | undefined,
): boolean {
  if (one === undefined || one.identity !== other?.identity) return false;
  return one.folder !== other.folder || otherId === undefined;
}

async function linksOf(root: string, { folder, pattern }: LinkPattern): Promise<Link[]> {
  const names = (await readdir(join(root, folder)).catch(() => [] as string[])).sort();
  const links: Link[] = [];
  for (const name of names) {
    if (!pattern.test(name)) continue;
    const node = await realpath(join(root, folder, name)).catch(() => undefined);
    if (node !== undefined) links.push({ path: `/${folder}/${name}`, node: basename(node) });
  }
  return links;
}

async function usbDeviceOf(root: string, folder: string): Promise<UsbDevice | undefined> {
  let at = await realpath(join(root, folder, 'device')).catch(() => undefined);
  for (let level = 0; at !== undefined && level < LEVELS_MAX; level += 1) {
    const vendor = await textOf(join(at, 'idVendor'));
    if (vendor !== undefined) {
      const rest = [await textOf(join(at, 'idProduct')), await textOf(join(at, 'serial'))];
      return { folder: at, identity: [vendor, ...rest].join(':') };
    }
    at = at === dirname(at) ? undefined : dirname(at);
  }
  return undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  return (await readFile(file, 'utf8').catch(() => undefined))?.trim();
}
