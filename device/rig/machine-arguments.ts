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
  /** Of the data disk, bytes a second: a worn SD card. */
  readonly diskBytesPerSecond?: number;
  readonly processors?: number;
}

const MEMORY_MIB = 640;

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
    ['-cpu', 'Nehalem', '-smp', String(of.processors ?? 2), '-m', String(MEMORY_MIB)],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ['-rtc', `base=${of.bootsAt ?? 'utc'}`],
    ['-kernel', of.images.kernel, '-initrd', of.images.initrd],
    [
      '-append',
      'console=ttyS0 quiet mitigations=off nokaslr panic=1 tsc=reliable no_timer_check net.ifnames=0',
    ],
    image('root', of.images.root),
    image('app', of.images.app),
    of.disk === undefined ? [] : diskArguments(of.disk, of.diskBytesPerSecond),
    ['-serial', `file:${at('console.log')}`, '-serial', `file:${at('gate.log')}`],
    ['-qmp', `unix:${at('qmp.sock')},server=on,wait=off`],
    ['-device', 'virtio-serial-pci'],
    ['-chardev', `socket,id=agent,path=${at('agent.sock')},server=on,wait=off`],
    ['-device', 'virtserialport,chardev=agent,name=rig.agent'],
    ['-device', 'virtio-rng-pci', '-device', 'qemu-xhci,id=xhci'],
    ['-chardev', `socket,id=scanner,path=${at('scanner.sock')},server=on,wait=off`],
    ['-device', SCANNER_ON_CABLE],
    ['-device', 'i6300esb', '-action', 'watchdog=reset'],
    networkArguments(of.port),
  ].flat();
}

/** Plugged and unplugged by id with device_add and device_del. */
export const SCANNER_ON_CABLE =
  'usb-serial,id=cable,chardev=scanner,bus=xhci.0,serial=RIG0002,always-plugged=on';

function diskArguments(disk: DataDisk, bytesPerSecond: number | undefined): string[] {
  const throttle =
    bytesPerSecond === undefined ? [] : ['-object', `throttle-group,id=card,x-bps-write=${bytesPerSecond}`];
  const slow = bytesPerSecond === undefined ? '' : ',file=watched';
  return [
    throttle,
    ['-blockdev', `driver=file,node-name=image,filename=${disk.image}`],
    ['-blockdev', `driver=file,node-name=log,filename=${disk.log}`],
    ['-blockdev', 'driver=blklogwrites,node-name=watched,file=image,log=log,log-super-update-interval=1'],
    slow === '' ? [] : ['-blockdev', `driver=throttle,node-name=slow,throttle-group=card${slow}`],
    ['-device', `virtio-blk-pci,drive=${slow === '' ? 'watched' : 'slow'}`],
  ].flat();
}

/** The guest reaches nothing; this machine reaches the gate's pages. */
function networkArguments(port: number | undefined): string[] {
  const forward = port === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${port}-:8080`;
  return ['-netdev', `user,id=net,restrict=on${forward}`, '-device', 'virtio-net-pci,netdev=net,romfile='];
}
