import { join } from 'node:path';
import type { DataDisk } from './disk.ts';
import type { Images } from './images.ts';

/** How QEMU is asked for a virtual Pi: the devices that a gate has, each as the kernel finds a real one. */

export interface MachineOptions {
  readonly images: Images;
  /** Its sockets, its console and its log lie here; made anew. */
  readonly folder: string;
  readonly disk?: DataDisk;
  /** What the machine's clock says at boot, e.g. `1970-01-02T00:00:00`; the true time if absent. */
  readonly bootsAt?: string;
  /** A port of this machine that leads to the gate's pages. */
  readonly port?: number;
  /** What else the guest reaches: `10.0.2.100:1883`, say, and the port of this machine behind it. */
  readonly reaches?: Readonly<Record<string, number>>;
  readonly processors?: number;
  /** The guest's first program instead of the rig's own; what is written then lies on the disk, over the root. */
  readonly init?: string;
  readonly memoryMib?: number;
}

const MEMORY_MIB = 640;
/**
 * A kernel that panics by itself starts anew at once; one that hangs waits for its watchdog. Its time is the HPET's, whose rate is
 * fixed and follows this machine's clock; a guest that keeps its time by the emulated TSC may run many times too fast.
 */
const KERNEL =
  'console=ttyS0 quiet mitigations=off nokaslr panic=1 clocksource=hpet tsc=unstable no_timer_check net.ifnames=0 systemd.show_status=0 systemd.getty_auto=0';

export function machineArguments(of: MachineOptions): string[] {
  const at = (name: string) => join(of.folder, name);
  const image = (id: string, file: string) =>
    [
      ['-drive', `if=none,id=${id},file=${file},format=raw,readonly=on,file.locking=off`],
      ['-device', `virtio-blk-pci,drive=${id}`],
    ].flat();
  return [
    ['-name', 'virtual-pi', '-machine', 'q35,usb=off,vmport=off', '-accel', 'tcg,thread=multi,tb-size=512'],
    // Without AVX: the emulator carries its instructions out one by one, and programs take twice as long.
    ['-cpu', 'Nehalem', '-smp', String(of.processors ?? 2), '-m', String(of.memoryMib ?? MEMORY_MIB)],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ['-rtc', `base=${of.bootsAt ?? 'utc'}`],
    ['-kernel', of.images.kernel, '-initrd', of.images.initrd],
    ['-append', kernelArguments(of)],
    image('root', of.images.root),
    image('app', of.images.app),
    of.disk === undefined ? [] : diskArguments(of.disk),
    of.images.more === undefined ? [] : image('more', of.images.more),
    ['-serial', `file:${at('console.log')}`, '-serial', `file:${at('gate.log')}`],
    ['-qmp', `unix:${at('qmp.sock')},server=on,wait=off`],
    ['-device', 'virtio-serial-pci'],
    ['-chardev', `socket,id=agent,path=${at('agent.sock')},server=on,wait=off`],
    ['-device', 'virtserialport,chardev=agent,name=rig.agent'],
    ['-device', 'virtio-rng-pci', '-device', 'qemu-xhci,id=xhci'],
    ['-chardev', `socket,id=scanner,path=${at('scanner.sock')},server=on,wait=off`],
    ['-device', JSON.stringify(SCANNER_ON_CABLE)],
    ['-device', 'i6300esb', '-action', 'watchdog=reset'],
    networkArguments(of),
  ].flat();
}

/** Disks are named in the order of their devices: root, app, the data disk if there is one, and what more there is. */
function kernelArguments({ init, disk, images }: MachineOptions): string {
  const overRoot = init === undefined ? '' : ` rig.init=${init} rig.upper=/dev/vdc`;
  const between = images.more === undefined ? '' : ` rig.more=/dev/vd${disk === undefined ? 'c' : 'd'}`;
  return KERNEL + overRoot + between;
}

/** As QEMU's control socket takes it; the first one is given as JSON too. */
export const SCANNER_ON_CABLE = {
  driver: 'usb-serial',
  id: 'cable',
  chardev: 'scanner',
  bus: 'xhci.0',
  serial: 'RIG0002',
  'always-plugged': true,
};

/** Of the data disk: how fast it is can be changed while the machine runs (Machine.slowDisk). */
export const CARD = 'card';

function diskArguments(disk: DataDisk): string[] {
  return [
    ['-object', `throttle-group,id=${CARD}`],
    ['-blockdev', `driver=file,node-name=image,filename=${disk.image}`],
    ['-blockdev', `driver=file,node-name=log,filename=${disk.log}`],
    ['-blockdev', 'driver=blklogwrites,node-name=watched,file=image,log=log,log-super-update-interval=1'],
    ['-blockdev', `driver=throttle,node-name=disk,throttle-group=${CARD},file=watched`],
    // The log adds two parts to each write: one that QEMU had merged up to the limit of parts failed with an I/O error.
    ['-device', 'virtio-blk-pci,drive=disk,request-merging=off'],
  ].flat();
}

/** The guest reaches what it is given, and nothing else; this machine reaches the gate's pages. */
function networkArguments({ port, reaches = {} }: MachineOptions): string[] {
  const through = `${process.execPath} ${new URL('./lead-through.ts', import.meta.url).pathname}`;
  const given = Object.entries(reaches)
    .map(([at, to]) => `,guestfwd=tcp:${at}-cmd:${through} ${to}`)
    .join('');
  const forward = port === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${port}-:8080`;
  return [
    '-netdev',
    `user,id=net,restrict=on${forward}${given}`,
    '-device',
    'virtio-net-pci,netdev=net,romfile=',
  ];
}
