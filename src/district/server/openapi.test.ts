import { expect, test } from 'vitest';
import { openapiDocument } from './openapi.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskApp } from './route.ts';
import { addApplicationRoutes } from './routes-applications.ts';
import { addGateRoutes } from './routes-gates.ts';
import { addIssuingRoutes } from './routes-issuing.ts';
import { addPersonRoutes } from './routes-persons.ts';
import { addRegistryRoutes } from './routes-registry.ts';
import { addViewRoutes } from './routes-views.ts';

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly 'x-may'?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: unknown;
}

/** Routes are declared without what they work on: nothing here is called. */
function published(): { app: DeskApp; document: Document } {
  const app = deskApp();
  const parts = { demo: () => ({}) } as unknown as ServerParts;
  const adding = [addViewRoutes, addRegistryRoutes, addPersonRoutes, addApplicationRoutes];
  for (const add of [...adding, addIssuingRoutes, addGateRoutes]) add(app, parts);
  return { app, document: JSON.parse(JSON.stringify(openapiDocument(app))) as Document };
}

test('every route of /api is in the document, with a sentence, its roles and its answers', () => {
  const { app, document } = published();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const declared = new Set(operations.map(({ name }) => name));
  const routed = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:([a-z]+)/g, '{$1}')}`);
  expect(routed.filter((name) => !declared.has(name))).toEqual([]);
  expect(operations.length).toBeGreaterThan(15);
  for (const { name, operation } of operations) {
    expect(operation.summary, name).toMatch(/\.$/);
    expect(operation['x-may'], name).toBeDefined();
    const may = operation['x-may'];
    const ways = may === 'anybody' ? 0 : Array.isArray(may) && may.includes('portal') ? 2 : 1;
    expect(operation.security?.length, name).toBe(ways);
    expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['400', '401', '403']));
  }
});

test('every reference in the document leads somewhere', () => {
  const { document } = published();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(references.length).toBeGreaterThan(0);
  const lost = references.filter(
    (path) =>
      path
        .split('/')
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document) ===
      undefined,
  );
  expect(lost).toEqual([]);
});
