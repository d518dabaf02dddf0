/** Habits that the compiler cannot see: hidden clocks, hidden settings, forged receipts. Read from the syntax tree. */
import { parseSync } from 'oxc-parser';
import { ENVIRONMENT_ROOMS, PURE_ROOMS } from './import-table.ts';
import { isTest, roomOf, type SourceFile } from './places.ts';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const HIDDEN_CLOCK_CALLS = [
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.getRandomValues',
  'crypto.randomUUID',
];
const HIDDEN_TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

/** One sentence for each habit that has no place in the file's room. */
export function habitViolations(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const pure = !isTest(file.path) && (PURE_ROOMS as readonly string[]).includes(room);
  const found: string[] = [];
  const say = (node: Node, text: string) =>
    found.push(`${file.path}:${lineOf(file.text, node.start)}: ${text}`);
  for (const node of nodesOf(file)) {
    if (pure) {
      const hidden = hiddenInput(node);
      if (hidden !== undefined) say(node, `${hidden} in a pure room: take it as an argument`);
    }
    if (
      !(ENVIRONMENT_ROOMS as readonly string[]).includes(room) &&
      !isTest(file.path) &&
      readsEnvironment(node)
    ) {
      say(node, 'reads the environment: only config/ does, and hands out slices');
    }
    if (room !== 'journal' && castsToReceipt(node)) say(node, 'casts to Receipt: only journal/ mints one');
  }
  return found;
}

/** Where a function of that name is declared and where it is called, outside tests. */
export function usesOf(name: string, files: readonly SourceFile[]): { declared: string[]; called: string[] } {
  const uses = { declared: [] as string[], called: [] as string[] };
  for (const file of files) {
    if (isTest(file.path) || !file.text.includes(name)) continue;
    for (const node of nodesOf(file)) {
      const place = `${file.path}:${lineOf(file.text, node.start)}`;
      if (declares(node, name)) uses.declared.push(place);
      if (node.type === 'CallExpression' && dotted(node['callee'])?.split('.').at(-1) === name)
        uses.called.push(place);
    }
  }
  return uses;
}

function hiddenInput(node: Node): string | undefined {
  if (node.type === 'NewExpression' && dotted(node['callee']) === 'Date' && isEmpty(node['arguments']))
    return 'new Date()';
  if (node.type === 'CallExpression' && dotted(node['callee']) === 'Date') return 'Date()';
  if (node.type === 'MemberExpression') {
    const name = dotted(node)?.replace(/^globalThis\./, '');
    return name !== undefined && HIDDEN_CLOCK_CALLS.includes(name) ? name : undefined;
  }
  if (node.type === 'CallExpression') {
    const name = dotted(node['callee'])?.replace(/^globalThis\./, '');
    return name !== undefined && HIDDEN_TIMERS.includes(name) ? name : undefined;
  }
  return undefined;
}

function readsEnvironment(node: Node): boolean {
  if (node.type === 'ImportSpecifier') return false;
  if (
    node.type === 'ImportDeclaration' &&
    /^(node:)?process$/.test(String((node['source'] as Node)['value']))
  ) {
    return (node['specifiers'] as Node[]).some(
      (one) => (one['imported'] as Node | undefined)?.['name'] === 'env',
    );
  }
  return node.type === 'MemberExpression' && /^(globalThis\.)?process\.env$/.test(dotted(node) ?? '');
}

function castsToReceipt(node: Node): boolean {
  if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return false;
  return mentionsReceipt(node['typeAnnotation']);
}

function mentionsReceipt(type: unknown): boolean {
  return [...within(type)].some((node) => node.type === 'Identifier' && node['name'] === 'Receipt');
}

function declares(node: Node, name: string): boolean {
  const declaring = ['FunctionDeclaration', 'VariableDeclarator', 'MethodDefinition'].includes(node.type);
  return declaring && ((node['id'] ?? node['key']) as Node | null)?.['name'] === name;
}

/** `process.env` for that chain of plain names, also when written `process['env']`; undefined for anything else. */
function dotted(value: unknown): string | undefined {
  const node = value as Node;
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type !== 'MemberExpression') return undefined;
  const [object, property] = [dotted(node['object']), node['property'] as Node];
  const name = node['computed'] ? property['value'] : property['name'];
  return object === undefined || typeof name !== 'string' ? undefined : `${object}.${name}`;
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function nodesOf(file: SourceFile): Iterable<Node> {
  return within(parseSync(file.path, file.text).program);
}

function* within(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* within(item);
  } else if (typeof value === 'object' && value !== null) {
    if (typeof (value as Node).type === 'string') yield value as Node;
    for (const child of Object.values(value)) yield* within(child);
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
