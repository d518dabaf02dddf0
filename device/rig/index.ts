/** The virtual Pi: the appliance on a kernel's real device interfaces, on any machine that QEMU runs on. For tests and for trying by hand. */
export { RaspberryPi, type RaspberryPiOptions } from './raspberry-pi.ts';
export { extentOf, mounted, type Partition } from './card.ts';
export { type CutOutcome, cutDisk, type DataDisk, logLength, makeDisk, takeOut } from './disk.ts';
export { buildImages, type Images, missingPackages, withCamera } from './images.ts';
export { buildInstalled, type InstalledParts, SYSTEMD } from './installed.ts';
export { type LineLevel, type Pulse, pulsesOf } from './line-trace.ts';
export { Machine } from './machine.ts';
export type { MachineOptions } from './machine-arguments.ts';
export { sendPosReports, sendSerial, typeKeys } from './typing.ts';
