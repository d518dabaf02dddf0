import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';

/**
 * Makes filters-wasm.ts from filters.wat: `node src/sight/write-filters.ts`. What runs is in the repository, so that nothing
 * is built where the house is installed; a test compiles the source again and compares.
 */
const SOURCE = join(import.meta.dirname, 'filters.wat');
const TARGET = join(import.meta.dirname, 'filters-wasm.ts');

/** @returns the WebAssembly as base64 */
export async function compiledFilters(): Promise<string> {
  const compiler = await wabt();
  const features = { simd: true, bulk_memory: true };
  const module = compiler.parseWat(SOURCE, readFileSync(SOURCE, 'utf8'), features);
  module.resolveNames();
  module.validate();
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}

if (import.meta.main) {
  const text = `/** filters.wat as WebAssembly in base64, made by write-filters.ts. */
export const FILTERS_WASM =
  '${await compiledFilters()}';
`;
  writeFileSync(TARGET, text);
}
