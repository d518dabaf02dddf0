import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';

/** The console's style and script, read once at start; type, colour and space are those of all screens. */
const UI = join(import.meta.dirname, '../../ui');

const FILES = [
  { name: 'console.css', path: 'console/console.css', type: 'text/css; charset=utf-8' },
  { name: 'tokens.css', path: 'kit/tokens.css', type: 'text/css; charset=utf-8' },
  { name: 'icon.svg', path: 'kit/icon.svg', type: 'image/svg+xml' },
  ...['main.ts', 'guard-copy.ts', 'parts.ts', 'plots.ts', 'times.ts', 'wall.ts'].map((name) => ({
    name,
    path: `console/${name}`,
    type: 'text/javascript; charset=utf-8',
  })),
] as const;

export function assetRoutes(app: Hono): void {
  for (const { name, path, type } of FILES) {
    const bytes = new Uint8Array(readFileSync(join(UI, path)));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const headers = { 'cache-control': 'no-cache', etag };
    app.get(`/console/assets/${name}`, (context) =>
      context.req.header('if-none-match') === etag
        ? new Response(null, { status: 304, headers })
        : new Response(bytes, { headers: { ...headers, 'content-type': type } }),
    );
  }
}
