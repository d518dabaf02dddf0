import { type DistrictConfig, loadDistrictConfig } from '../../config/district.ts';
import { describeProblems, findGate, loadGateConfig } from '../../config/load.ts';
import type { GateFile } from '../../config/schema.ts';
import { type CommandIo, writeTo } from './command.ts';

/** The configuration that a command was given: as it was loaded, or nothing, and then whoever gave it was told what to correct. */

export async function givenDistrict(file: string, io: CommandIo): Promise<DistrictConfig | undefined> {
  return (await usable(loadDistrictConfig(file, process.env), io))?.config;
}

export async function givenGate(file: string, io: CommandIo) {
  return (await usable(loadGateConfig(file, process.env), io))?.config;
}

/** Of a gate that may be enrolled or not: what is the same for both. */
export async function givenGateFile(file: string, io: CommandIo): Promise<GateFile | undefined> {
  const gate = await usable(findGate(file, process.env), io);
  if (gate === undefined) return undefined;
  return gate.enrolled ? gate.config : gate.file;
}

/** Of any loader: its value, or its problems written out. */
export async function usable<Value>(
  loaded:
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly error: Parameters<typeof describeProblems>[0] },
  io: CommandIo,
): Promise<Value | undefined> {
  if (loaded.ok) return loaded.value;
  await writeTo(io.error, `${describeProblems(loaded.error)}\n`);
  return undefined;
}
