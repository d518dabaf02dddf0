/** The browser's pages: src/ui/<page>/index.html becomes dist/ui/<page>/index.html; all else lies in dist/ui/assets, under `/ui/`. */
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, 'src/ui');
const pages = readdirSync(root).filter((page) => existsSync(join(root, page, 'index.html')));

export default defineConfig({
  root,
  base: '/ui/',
  publicDir: false,
  cacheDir: join(import.meta.dirname, '.cache/vite'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, 'dist/ui'),
    emptyOutDir: true,
    // Residents' phones and their in-app browsers are old.
    target: ['chrome94', 'safari15.4', 'firefox100'],
    // The content policy allows neither inline scripts nor data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: pages.map((page) => join(root, page, 'index.html')),
      // The shared rooms only declare: a schema that no page names stays out, though making it is a call.
      treeshake: { moduleSideEffects: (id) => !/\/src\/(base|code|wire|verify|holder|crypto)\//.test(id) },
    },
  },
});
