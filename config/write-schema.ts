import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateConfigJsonSchema } from './schema.ts';

/** Writes gate.schema.json from the one schema; a test fails when it is stale. */
writeFileSync(
  join(import.meta.dirname, 'gate.schema.json'),
  `${JSON.stringify(gateConfigJsonSchema(), null, 2)}\n`,
);
