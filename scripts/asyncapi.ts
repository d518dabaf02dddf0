/** Writes docs/asyncapi.yaml again: node scripts/asyncapi.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { asyncapiDocument } from '../src/wire/index.ts';

const header = '# Made by `node scripts/asyncapi.ts` from src/wire. Do not edit.\n';
const text = stringify(asyncapiDocument(), { lineWidth: 0, aliasDuplicateObjects: false });
writeFileSync(join(import.meta.dirname, '..', 'docs', 'asyncapi.yaml'), header + text);
