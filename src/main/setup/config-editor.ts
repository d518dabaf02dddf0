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
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { findGate } from '../../../config/load.ts';
import { err, ok, type Result } from '../../base/index.ts';
import type { SetupDoorChange, SetupReader } from '../../wire/index.ts';
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

  /** In the place of the one with the same id; else as one more. */
  setReader(lane: string, reader: SetupReader): Result<void, string> {
    return this.#change(lane, (document, path) => {
      const readers = listOf(document, [...path, 'readers']);
      const at = readers.findIndex((each) => each['id'] === reader.id);
      document.setIn(
        [...path, 'readers', at < 0 ? readers.length : at],
        document.createNode(reader, { flow: true }),
      );
      return undefined;
    });
  }

  removeReader(lane: string, reader: string): Result<void, string> {
    return this.#change(lane, (document, path) => {
      const at = listOf(document, [...path, 'readers']).findIndex((each) => each['id'] === reader);
      if (at < 0) return 'reader: there is no such reader at this lane';
      document.deleteIn([...path, 'readers', at]);
      return undefined;
    });
  }

  /** What the page does not ask about (chip, turnstile, tamper) stays as it was, where the door was wired already. */
  setDoor(lane: string, door: SetupDoorChange): Result<void, string> {
    return this.#change(lane, (document, path) => {
      const before = plain(document, [...path, 'door']);
      const kept = before['driver'] === 'gpio' ? pick(before, ['chip', 'passage', 'tamper']) : {};
      document.setIn([...path, 'door'], document.createNode({ driver: 'gpio', ...kept, ...door }));
      return undefined;
    });
  }

  #change(
    lane: string,
    change: (document: Document, path: readonly [string, number]) => string | undefined,
  ): Result<void, string> {
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
    const at = listOf(document, ['lanes']).findIndex((each) => each['id'] === lane);
    if (at < 0) return err('lane: there is no such lane in the file');
    const problem = change(document, ['lanes', at]);
    if (problem !== undefined) return err(problem);
    return this.#replace(file, document.toString({ lineWidth: 0 }));
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

type Entries = Readonly<Record<string, unknown>>;

function listOf(document: Document, path: readonly (string | number)[]): Entries[] {
  const node = document.getIn(path, true);
  return isSeq(node) ? (node.toJS(document) as Entries[]) : [];
}

function plain(document: Document, path: readonly (string | number)[]): Entries {
  const node = document.getIn(path, true);
  return isMap(node) ? (node.toJS(document) as Entries) : {};
}

function pick(from: Entries, keys: readonly string[]): Entries {
  return Object.fromEntries(keys.flatMap((key) => (key in from ? [[key, from[key]]] : [])));
}
