import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Document, isMap, isSeq, parseDocument, visit } from 'yaml';
import { findGate } from '../../../config/load.ts';
import type { LaneConfig } from '../../../config/schema.ts';
import { err, ok, type Result } from '../../base/index.ts';
import type { ProxyUse, SetupDoorChange, SetupReader } from '../../wire/index.ts';
import { codeOf } from '../doctor/machine-view.ts';

/**
 * Changes a gate's configuration file as a careful person would: comments stay, the whole is checked before it counts, the file is
 * replaced at once, and the one before lies beside it as `.before`.
 */
export class ConfigEditor {
  readonly #file: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(file: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#file = file;
    this.#environment = environment;
  }

  /** In the place of the one with the same id, of which stays what was not chosen here; else as one more. */
  setReader(lane: string, reader: SetupReader): Result<void, string> {
    return this.#change(lane, ({ document, path, now }) => {
      const readers = listAt(document, [...path, 'readers']);
      const number = readers.findIndex((each) => each['id'] === reader.id);
      const place = [...path, 'readers', number < 0 ? readers.length : number];
      const same = now?.readers.find(({ id, type }) => id === reader.id && type === reader.type);
      if (same !== undefined) rewire(document, place, { before: same, wanted: reader });
      else document.setIn(place, document.createNode(reader, { flow: true }));
      return undefined;
    });
  }

  removeReader(lane: string, reader: string): Result<void, string> {
    return this.#change(lane, ({ document, path }) => {
      const number = listAt(document, [...path, 'readers']).findIndex((each) => each['id'] === reader);
      if (number < 0) return 'reader: there is no such reader at this lane';
      document.deleteIn([...path, 'readers', number]);
      return undefined;
    });
  }

  /**
   * What the page does not ask about (driver, chip, turnstile, tamper, what holds a line and for how long it bounces) stays as
   * it was, where the door was wired already.
   */
  setDoor(lane: string, wanted: SetupDoorChange): Result<void, string> {
    return this.#change(lane, ({ document, path, now }) => {
      const door = [...path, 'door'];
      const before = now?.door;
      if (before === undefined || !isWired(before))
        document.setIn(door, document.createNode({ driver: 'gpio', ...wanted }));
      else
        for (const part of ASKED_OF_DOOR)
          rewire(document, [...door, part], { before: before[part], wanted: wanted[part] });
      return undefined;
    });
  }

  /** @param proxy absent: none any more */
  setProxy(proxy: ProxyUse | undefined): Result<void, string> {
    return this.#edit((document) => {
      if (proxy === undefined) document.delete('proxy');
      else document.set('proxy', document.createNode(proxy));
      return undefined;
    });
  }

  #change(lane: string, change: (of: Change) => string | undefined): Result<void, string> {
    return this.#edit((document) => {
      const number = listAt(document, ['lanes']).findIndex((each) => each['id'] === lane);
      if (number < 0) return 'lane: there is no such lane in the file';
      return change({ document, path: ['lanes', number], now: this.#lanes()[number] });
    });
  }

  #edit(change: (document: Document) => string | undefined): Result<void, string> {
    let file: string;
    let text: string;
    try {
      file = realpathSync(this.#file);
      text = readFileSync(file, 'utf8');
    } catch (cause) {
      return err(`configuration: ${this.#file} cannot be read (${codeOf(cause)})`);
    }
    const document = parseDocument(text);
    if (document.errors.length > 0) return err('configuration: it is no YAML; correct it by hand');
    withoutAliases(document);
    const problem = change(document);
    if (problem !== undefined) return err(problem);
    const next = document.toString({ lineWidth: 0 });
    return next === text ? ok(undefined) : this.#replace(file, next);
  }

  /** As they hold, with defaults; none where the file is wrong now. */
  #lanes(): readonly LaneConfig[] {
    const found = findGate(this.#file, this.#environment);
    if (!found.ok) return [];
    return (found.value.enrolled ? found.value.config : found.value.file).lanes;
  }

  #replace(file: string, text: string): Result<void, string> {
    const draft = join(dirname(file), `.${basename(file)}.${process.pid}.draft.yaml`);
    try {
      writeFileSync(draft, text, { mode: statSync(file).mode & 0o777 });
      const checked = findGate(draft, this.#environment);
      if (!checked.ok) return err(checked.error.map(({ key, message }) => `${key}: ${message}`).join('\n'));
      copyFileSync(file, `${file}.before`);
      sync(draft);
      renameSync(draft, file);
      sync(dirname(file));
      return ok(undefined);
    } catch (cause) {
      return err(
        `configuration: ${file} cannot be replaced (${codeOf(cause)}); let the user that runs the gate write it and its folder`,
      );
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

type Path = readonly (string | number)[];

interface Change {
  readonly document: Document;
  readonly path: Path;
  /** The lane as it holds. */
  readonly now: LaneConfig | undefined;
}

const ASKED_OF_DOOR = ['relay', 'contact', 'exitButton', 'fire'] as const;

type WiredDoor = Extract<LaneConfig['door'], { readonly driver: 'gpio' | 'sysfs' }>;

const isWired = (door: LaneConfig['door']): door is WiredDoor =>
  door.driver === 'gpio' || door.driver === 'sysfs';

/** Only what differs is written, so that the rest of a part keeps its place and its comments. */
function rewire(
  document: Document,
  path: Path,
  { before, wanted }: { readonly before: object | undefined; readonly wanted: object | undefined },
): void {
  if (wanted === undefined) {
    if (document.hasIn(path)) document.deleteIn(path);
    return;
  }
  if (!isMap(document.getIn(path, true)))
    return document.setIn(path, document.createNode(wanted, { flow: true }));
  const held = new Map<string, unknown>(Object.entries(before ?? {}));
  for (const [key, value] of Object.entries(wanted))
    if (held.get(key) !== value) document.setIn([...path, key], value);
}

/** What several parts share is written out for each: a change is meant for one of them. */
function withoutAliases(document: Document): void {
  visit(document, { Alias: (_, alias) => document.createNode(alias.resolve(document)?.toJS(document)) });
}

function listAt(document: Document, path: Path): readonly Readonly<Record<string, unknown>>[] {
  const node = document.getIn(path, true);
  return isSeq(node) ? (node.toJS(document) as Record<string, unknown>[]) : [];
}
