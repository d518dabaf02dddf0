/** What a module imports, read from its syntax tree, and whether the table of the house allows it. */
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { OPEN_ROOMS, PACKAGE_ROOMS, ROOMS, type RoomRule } from './import-table.ts';
import { doorOf, isTest, isTestingDoor, roomOf, type SourceFile } from './places.ts';

interface Import {
  readonly from: string;
  readonly typesOnly: boolean;
  /** `import('./x.ts')`: when it is needed. */
  readonly later?: true;
}

/** One sentence for each import that the table does not allow. */
export function importViolations(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const rule = ROOMS[room];
  if (rule === undefined && !isOpen(room)) {
    return [`${file.path}: there is no room ${room} in the table of test/house/import-table.ts`];
  }
  return importsOf(file)
    .map((one) => complaint(file.path, one))
    .filter((text) => text !== undefined)
    .map((text) => `${file.path}: ${text}`);
}

function complaint(path: string, one: Import): string | undefined {
  if (one.from.startsWith('node:')) return nodeComplaint(path, one);
  if (!one.from.startsWith('.')) return packageComplaint(path, one);
  return roomComplaint(path, one);
}

function roomComplaint(path: string, one: Import): string | undefined {
  const [room, target] = [roomOf(path), posix.normalize(posix.join(posix.dirname(path), one.from))];
  const targetRoom = roomOf(target);
  if (isTestingDoor(target)) return isTest(path) ? undefined : `imports ${target}, which is for tests`;
  if (targetRoom === room) return undefined;
  if (targetRoom === 'ui/kit' && target.endsWith('.css') && room.startsWith('ui/')) return undefined;
  if (isOpen(targetRoom) && !(isTest(path) && targetRoom === 'test'))
    return `imports ${target}, which nobody may import`;
  const door = doorOf(target);
  if (isOpen(room) || isTest(path)) {
    return door === undefined && targetRoom !== 'test' ? `imports ${target} past its room's door` : undefined;
  }
  const rule = ROOMS[room] as RoomRule;
  if (door !== undefined && rule.values.includes(door)) return undefined;
  if (rule.types?.includes(door ?? ''))
    return one.typesOnly ? undefined : `may import ${door} by \`import type\` alone`;
  if (door === undefined && rule.values.includes(targetRoom)) return `imports ${target} past its room's door`;
  return `${room} may not import ${door ?? target}`;
}

function packageComplaint(path: string, one: Import): string | undefined {
  const name = one.from.split('/', one.from.startsWith('@') ? 2 : 1).join('/');
  const room = roomOf(path);
  if (isTest(path) || room === 'test') return undefined;
  const allowed = PACKAGE_ROOMS[name];
  if (allowed === undefined) return `package ${name} has no room in the table of test/house/import-table.ts`;
  if (allowed.includes(room) || allowed.includes(`${room.split('/')[0]}/*`)) return undefined;
  return `package ${name} belongs to ${allowed.join(', ')}, not to ${room}`;
}

function nodeComplaint(path: string, one: Import): string | undefined {
  const browserDoor = doorOf(path)?.endsWith('/browser') === true;
  if (isTest(path) || !(ROOMS[roomOf(path)]?.nodeless || browserDoor)) return undefined;
  return `${browserDoor ? 'the browser half' : `room ${roomOf(path)}`} may not import ${one.from}`;
}

/** Static and dynamic imports and re-exports. An import counts as types alone when nothing of it is left at run time. */
export function importsOf(file: SourceFile): Import[] {
  const { module, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]?.message}`);
  return [
    ...module.staticImports.map((one) => ({
      from: one.moduleRequest.value,
      typesOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap((one) =>
      one.entries.flatMap((entry) =>
        entry.moduleRequest ? [{ from: entry.moduleRequest.value, typesOnly: entry.isType }] : [],
      ),
    ),
    ...module.dynamicImports.flatMap((one) => {
      const text = file.text.slice(one.moduleRequest.start, one.moduleRequest.end);
      const literal = /^(['"`])([^'"`$]+)\1$/.exec(text)?.[2];
      return literal === undefined ? [] : [{ from: literal, typesOnly: false, later: true as const }];
    }),
  ];
}

function isOpen(room: string): boolean {
  return (OPEN_ROOMS as readonly string[]).includes(room);
}
