/** Writes docs/asyncapi.yaml again: node scripts/asyncapi.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncapiText } from './lib/asyncapi-document.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'asyncapi.yaml'), asyncapiText());
