import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { districtConfigJsonSchema } from './district.ts';
import { gateConfigJsonSchema } from './schema.ts';

/** Writes the JSON Schemas from the schemas; a test fails when one is stale. */
for (const [name, schema] of [
  ['gate', gateConfigJsonSchema()],
  ['district', districtConfigJsonSchema()],
] as const) {
  writeFileSync(join(import.meta.dirname, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
