/** The browser's pages: src/ui/<page>/index.html becomes dist/ui/<page>/index.html; all else lies in dist/ui/assets, under `/ui/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const root = join(import.meta.dirname, 'src/ui');
const pages = readdirSync(root).filter((page) => existsSync(join(root, page, 'index.html')));

/** `z.string().email()` and its like, which are old names for `z.email()`: each keeps its format in every page. */
const CHAINED_FORMAT =
  /^ {4}\w+\(params\) \{\n {8}return this\.check\(core\._\w+\(Zod\w+, params\)\);\n {4}\},\n/gm;

/** A page checks what it is told. It writes no JSON Schema, shows none of zod's own sentences and chains no formats: a third of zod. */
function slimZod(): Plugin {
  const core = join(import.meta.dirname, 'node_modules/zod/v4/core');
  const namesOf = (file: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
      ([, name]) => name ?? '',
    );
  const nothing = (names: readonly string[]): string =>
    `const none = () => none;\n${names.map((name) => `export const ${name} = none;`).join('\n')}`;
  const files = ['json-schema-processors.js', 'to-json-schema.js'].map((name) => join(core, name));
  return {
    name: 'slim-zod',
    enforce: 'pre',
    load(id) {
      if (id === join(core, '../locales/en.js'))
        return { code: 'export default () => ({});', moduleSideEffects: false };
      if (id === join(core, '../classic/schemas.js'))
        return readFileSync(id, 'utf8').replace(CHAINED_FORMAT, '');
      if (!files.includes(id)) return undefined;
      const code = `${nothing(namesOf(id))}\nexport { none as process };`;
      return { code, moduleSideEffects: false };
    },
  };
}

/** Of these rooms and files, only what is used comes along: nothing happens when they are loaded. */
const DECLARES_ONLY = /\/src\/(?:base|code|sight|wire|verify|holder|crypto|ui\/kit)\/.*\.tsx?$/;

export default defineConfig({
  root,
  base: '/ui/',
  publicDir: false,
  cacheDir: join(import.meta.dirname, '.cache/vite'),
  plugins: [slimZod()],
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
      treeshake: { moduleSideEffects: (id) => !DECLARES_ONLY.test(id) },
    },
  },
});
