import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { MiddlewareHandler } from 'hono';

/**
 * Built pages, read into memory once and served from there: an address can name only a file that was there at start,
 * so no path trick reaches the disk. Names with a hash in them are kept by browsers, all others are asked for again.
 */

export const STATIC_FILES_MAX = 500;
export const STATIC_BYTES_MAX = 32 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
};

export interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** @returns by path below the folder, with `/` between its parts; throws when the folder is missing or beyond its limits */
export function readStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    const type = TYPES[extname(entry)];
    if (type === undefined || !statSync(path).isFile()) continue;
    const bytes = new Uint8Array(readFileSync(path));
    total += bytes.length;
    if (files.size >= STATIC_FILES_MAX || total > STATIC_BYTES_MAX)
      throw new Error(`${folder} holds more than pages`);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    files.set(relative(folder, path).split(sep).join('/'), { bytes, type, etag });
  }
  return files;
}

/** Serves `PREFIX/<path>`; what is not there goes on to the next handler. */
export function serveStaticFiles(files: StaticFiles, prefix: string): MiddlewareHandler {
  return async (context, next) => {
    const file = files.get(context.req.path.slice(prefix.length).replace(/^\//, ''));
    if (file === undefined) return next();
    const isNamedByContent = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(context.req.path);
    return fileResponse(file, {
      cacheControl: isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      ifNoneMatch: context.req.header('if-none-match'),
    });
  };
}

/** One page, for an address of its own. */
export function servePage(files: StaticFiles, path: string): MiddlewareHandler {
  const file = files.get(path);
  if (file === undefined) throw new Error(`the page ${path} is not built; run scripts/build-ui`);
  return async (context) =>
    fileResponse(file, { cacheControl: 'no-cache', ifNoneMatch: context.req.header('if-none-match') });
}

function fileResponse(
  file: StaticFile,
  request: { readonly cacheControl: string; readonly ifNoneMatch: string | undefined },
): Response {
  const headers = { 'cache-control': request.cacheControl, etag: file.etag };
  if (request.ifNoneMatch === file.etag) return new Response(null, { status: 304, headers });
  return new Response(file.bytes, { headers: { ...headers, 'content-type': file.type } });
}
