import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findCameras, findReaders } from './find-readers.ts';

const POS = '058c0902';
const MOUSE = '05010902';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'menwei-find-'));
});
afterEach(() => rm(root, { recursive: true }));

async function file(path: string, content: string | Buffer = ''): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function link(path: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await rm(join(root, path), { force: true });
  await symlink(relative(dirname(join(root, path)), join(root, to)), join(root, path));
}

interface Plugged {
  /** `tty/ttyACM0` */
  readonly device: string;
  readonly port: string;
  readonly product?: string;
  readonly serial?: string;
  readonly interface?: string;
  /** Of those that several devices have, the last one plugged in gets it, as from udev. */
  readonly links: readonly string[];
  readonly descriptor?: string;
}

/** As the kernel and udev show a USB device: a folder for it, one for its interface, a class link, a node and its links. */
async function plug(plugged: Plugged): Promise<void> {
  const [sysClass, node] = plugged.device.split('/');
  const usb = `sys/devices/pci/usb1/${plugged.port}`;
  const own = `${usb}/${plugged.port}:${plugged.interface ?? '1.0'}/${node}`;
  await file(`${usb}/idVendor`, '1eab\n');
  await file(`${usb}/idProduct`, `${plugged.product ?? '0c22'}\n`);
  if (plugged.serial !== undefined) await file(`${usb}/serial`, `${plugged.serial}\n`);
  await file(`${own}/report_descriptor`, Buffer.from(plugged.descriptor ?? '', 'hex'));
  await link(`sys/class/${sysClass}/${node}/device`, own);
  await file(`dev/${node}`);
  for (const name of plugged.links) await link(`dev/${name}`, `dev/${node}`);
}

it('finds what is plugged in and could be a reader, each once, and nothing where nothing is', async () => {
  expect(await findReaders(root)).toEqual([]);
  expect(await findCameras(root)).toEqual([]);
  await plug({
    device: 'tty/ttyACM0',
    port: '1-1',
    serial: 'A1',
    links: [
      'serial/by-id/usb-scan_A1-if00',
      'serial/by-path/pci-0-usb-0:1:1.0',
      'serial/by-path/pci-0-usbv2-0:1:1.0',
    ],
  });
  await plug({
    device: 'input/event7',
    port: '1-2',
    serial: 'A2',
    links: ['input/by-id/usb-scan_A2-event-kbd', 'input/by-path/pci-0-usb-0:2:1.0-event-kbd'],
  });
  await plug({ device: 'input/event8', port: '1-3', links: ['input/by-id/usb-mouse-event-mouse'] });
  await plug({
    device: 'video4linux/video0',
    port: '1-4',
    serial: 'A4',
    links: ['v4l/by-id/usb-cam_A4-video-index0', 'v4l/by-path/pci-0-usb-0:4:1.0-video-index0'],
  });
  await plug({ device: 'video4linux/video1', port: '1-4', links: ['v4l/by-id/usb-cam_A4-video-index1'] });
  expect(await findReaders(root)).toEqual([
    { type: 'serial', path: '/dev/serial/by-id/usb-scan_A1-if00' },
    { type: 'keyboard', path: '/dev/input/by-id/usb-scan_A2-event-kbd' },
  ]);
  expect(await findCameras(root)).toEqual(['/dev/v4l/by-id/usb-cam_A4-video-index0']);
});

it.each([
  ['without serial numbers', {}],
  ['of a maker that gives all the same serial number', { serial: '00000001' }],
])('names two alike readers %s by their ports, for both have one name of their own', async (_, serial) => {
  for (const [node, port] of [
    ['0', '1'],
    ['1', '2'],
  ]) {
    await plug({
      device: `tty/ttyACM${node}`,
      port: `1-${port}`,
      ...serial,
      links: ['serial/by-id/usb-Newland_FM430-if00', `serial/by-path/platform-1f00.usb-usb-0:${port}:1.0`],
    });
    await plug({
      device: `input/event${node}`,
      port: `1-1.${port}`,
      ...serial,
      links: [
        'input/by-id/usb-Newland_FM430-event-kbd',
        `input/by-path/platform-1f00.usb-usb-0:1.${port}:1.0-event-kbd`,
      ],
    });
    await plug({
      device: `video4linux/video${node}`,
      port: `1-2.${port}`,
      ...serial,
      links: [
        'v4l/by-id/usb-cam-video-index0',
        `v4l/by-path/platform-1f00.usb-usb-0:2.${port}:1.0-video-index0`,
      ],
    });
    await plug({
      device: `hidraw/hidraw${node}`,
      port: `1-3.${port}`,
      ...serial,
      descriptor: POS,
      links: ['menwei/hid-pos-Newland_FM430', `menwei/hid-pos-at-platform-1f00.usb-usb-0:3.${port}:1.0`],
    });
  }
  expect(await findReaders(root)).toEqual([
    { type: 'serial', path: '/dev/serial/by-path/platform-1f00.usb-usb-0:1:1.0' },
    { type: 'serial', path: '/dev/serial/by-path/platform-1f00.usb-usb-0:2:1.0' },
    { type: 'keyboard', path: '/dev/input/by-path/platform-1f00.usb-usb-0:1.1:1.0-event-kbd' },
    { type: 'keyboard', path: '/dev/input/by-path/platform-1f00.usb-usb-0:1.2:1.0-event-kbd' },
    { type: 'hid-pos', path: '/dev/menwei/hid-pos-at-platform-1f00.usb-usb-0:3.1:1.0' },
    { type: 'hid-pos', path: '/dev/menwei/hid-pos-at-platform-1f00.usb-usb-0:3.2:1.0' },
  ]);
  expect(await findCameras(root)).toEqual([
    '/dev/v4l/by-path/platform-1f00.usb-usb-0:2.1:1.0-video-index0',
    '/dev/v4l/by-path/platform-1f00.usb-usb-0:2.2:1.0-video-index0',
  ]);
});

it('keeps the own names of alike readers that have a serial number each, and of two ports of one device', async () => {
  for (const [node, port] of [
    ['0', '1'],
    ['1', '2'],
  ])
    await plug({
      device: `tty/ttyACM${node}`,
      port: `1-${port}`,
      serial: `S${node}`,
      links: [`serial/by-id/usb-scan_S${node}-if00`, `serial/by-path/pci-0-usb-0:${port}:1.0`],
    });
  for (const part of ['0', '2'])
    await plug({
      device: `tty/ttyUSB${part}`,
      port: '1-3',
      product: '6010',
      interface: `1.${part}`,
      links: [`serial/by-id/usb-FTDI_Dual-if0${part}-port0`, `serial/by-path/pci-0-usb-0:3:1.${part}-port0`],
    });
  expect((await findReaders(root)).map(({ path }) => path)).toEqual([
    '/dev/serial/by-id/usb-FTDI_Dual-if00-port0',
    '/dev/serial/by-id/usb-FTDI_Dual-if02-port0',
    '/dev/serial/by-id/usb-scan_S0-if00',
    '/dev/serial/by-id/usb-scan_S1-if00',
  ]);
});

it('names a point-of-sale scanner as the udev rule does, and by its node where there is no rule', async () => {
  await plug({ device: 'hidraw/hidraw0', port: '1-1', descriptor: MOUSE, links: [] });
  await plug({
    device: 'hidraw/hidraw3',
    port: '1-2',
    serial: 'A1',
    descriptor: POS,
    links: ['menwei/hid-pos-Scan_A1', 'menwei/hid-pos-at-pci-0-usb-0:2:1.0'],
  });
  expect(await findReaders(root)).toEqual([{ type: 'hid-pos', path: '/dev/menwei/hid-pos-Scan_A1' }]);
  await rm(join(root, 'dev/menwei'), { recursive: true });
  expect(await findReaders(root)).toEqual([{ type: 'hid-pos', path: '/dev/hidraw3' }]);
});

it('finds a scanner of which the page of scanners is not the first', async () => {
  await plug({ device: 'hidraw/hidraw1', port: '1-1', descriptor: '0501058c09fe750895208102', links: [] });
  expect(await findReaders(root)).toEqual([{ type: 'hid-pos', path: '/dev/hidraw1' }]);
});

it('offers a device without a name of its own by its port, and nothing that is built in', async () => {
  await plug({ device: 'tty/ttyUSB0', port: '1-1', links: ['serial/by-path/pci-0-usb-0:1:1.0-port0'] });
  await file('dev/event0');
  await link('dev/input/by-path/platform-i8042-serio-0-event-kbd', 'dev/event0');
  await file('dev/video13');
  await link('dev/v4l/by-path/platform-bcm2835-isp-video-index0', 'dev/video13');
  await link('dev/serial/by-id/usb-gone-if00', 'dev/ttyACM9');
  expect(await findReaders(root)).toEqual([
    { type: 'serial', path: '/dev/serial/by-path/pci-0-usb-0:1:1.0-port0' },
  ]);
  expect(await findCameras(root)).toEqual([]);
});
