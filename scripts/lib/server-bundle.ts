import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, join, relative } from 'node:path';
import { build, type Plugin } from 'vite';

/**
 * Makes the server's bundle: `node scripts/lib/server-bundle.ts FOLDER`. One entry, cli.js; each command is a chunk of its own.
 * The folder must lie as deep below the repository as dist/server does: files are found from there as from src/main.
 */

const ROOT = join(import.meta.dirname, '../..');
/** Native add-ons, WebAssembly, what reads files of its own or is loaded when first needed: they stay in node_modules. */
const OUTSIDE = ['koffi', 'onoff', 'pdfkit', 'serialport', 'sm-crypto-v2', 'zxing-wasm'];
/** Its exports can be asked for at any time, and rolldown's own helpers import it. */
const EAGER_BUILTINS = /^(?:node:)?module$/;
const PROGRAM = /new URL\('\.\/([a-z-]+)\.ts', import\.meta\.url\)/g;

/** Worker threads and child processes: what `new URL('./x.ts', import.meta.url)` names becomes an entry of its own. */
function programs(): Plugin {
  return {
    name: 'menwei:programs',
    enforce: 'pre',
    transform(code, id) {
      const named = /\/(?:src|device)\//.test(id) ? [...code.matchAll(PROGRAM)] : [];
      if (named.length === 0) return null;
      for (const [, name = ''] of named)
        this.emitFile({ type: 'chunk', id: join(id, '..', `${name}.ts`), fileName: `${name}.js` });
      // As long as before, so every place in the file stays what it was.
      return { code: code.replaceAll(PROGRAM, "new URL('./$1.js', import.meta.url)"), map: null };
    },
  };
}

/** A module that asks where it lies is told where its source lies: what it reads is beside that, not beside the bundle. */
function places(): Plugin {
  const asked = /\bimport\.meta\.dirname\b/g;
  return {
    name: 'menwei:places',
    enforce: 'pre',
    transform(code, id) {
      const folder = relative(ROOT, join(id.split('?')[0] ?? id, '..'));
      if (!/^(?:src|device|config)\//.test(folder) || !asked.test(code)) return null;
      return {
        code: code.replaceAll(asked, `new URL('../../${folder}', import.meta.url).pathname`),
        map: null,
      };
    },
  };
}

/**
 * Node's own modules, loaded when first used. An `import` asks for every export at once, and some of those of node:http
 * load a whole HTTP client (undici), which costs more than all else that a bare Node does to start.
 */
function lazyBuiltins(): Plugin {
  const prefix = '\0builtin:';
  return {
    name: 'menwei:lazy-builtins',
    enforce: 'pre',
    resolveId: (id) =>
      isBuiltin(id) && !EAGER_BUILTINS.test(id) ? `${prefix}${id.replace(/^node:/, '')}` : null,
    load: (id) =>
      id.startsWith(prefix) ? { code: builtinCode(id.slice(prefix.length)), moduleType: 'js' } : null,
  };
}

function builtinCode(name: string): string {
  const found: unknown = createRequire(import.meta.url)(`node:${name}`);
  const load = `process.getBuiltinModule('node:${name}')`;
  // Classes to extend and functions to call are the module itself.
  if (typeof found !== 'object' || found === null) return `module.exports = ${load};`;
  const getters = Object.keys(found).map((key) => `get ${key}() { return load().${key}; }`);
  return `let loaded; const load = () => (loaded ??= ${load}); module.exports = { ${getters.join(', ')} };`;
}

export async function bundleServer(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'warn',
    plugins: [lazyBuiltins(), programs(), places()],
    ssr: { noExternal: true, external: OUTSIDE },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node26',
      sourcemap: true,
      rolldownOptions: {
        input: { cli: join(ROOT, 'src/main/cli.ts') },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        // The shared rooms only declare: a schema that no command names stays out, though making it is a call.
        treeshake: {
          moduleSideEffects: (id) =>
            !/\/src\/(?:base|code|wire|verify|holder|crypto|http|gate|desk|setup|access)\//.test(id),
        },
      },
    },
  });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageOf(), null, 2)}\n`);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** What the bundle is, and which packages it needs beside it. */
function packageOf(): object {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, engines, dependencies, optionalDependencies } = manifest;
  const all = Object.entries({ ...dependencies, ...optionalDependencies });
  const outside = Object.fromEntries(all.filter(([dependency]) => OUTSIDE.includes(dependency)));
  return { name, version, private: true, license, type: 'module', engines, dependencies: outside };
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write(`usage: node ${basename(import.meta.filename)} FOLDER\n`);
    process.exitCode = 2;
  } else await bundleServer(folder);
}
