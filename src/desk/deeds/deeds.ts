import { err, ok, type Result } from '../../base/index.ts';
import type { DeedAnswer, DeedBody } from '../../wire/index.ts';
import type { DeskGate } from '../gate-port.ts';
import type { Guard } from '../guard.ts';
import type { DeskWork } from '../work.ts';
import { DEEDS_KEPT_MAX } from './limits.ts';
import { canBeUndone, manualItemOf, opens } from './manual-item.ts';
import { OncePerName } from './once.ts';

/**
 * What a guard does: each deed is given to the gate as data, which writes its row before anything moves. The answer comes
 * when the door has had time to do it, and says so when it did not. Sent again, a deed does nothing twice.
 */
export interface DeedsParts {
  readonly gate: DeskGate;
  readonly work: Pick<DeskWork, 'doorAfter' | 'undoMs' | 'journal'>;
  /** Whether these are another guard's account and secret; a wrong one counts as a try. */
  readonly isSecond: (second: SecondGuard) => Promise<SecondVerdict>;
}

export interface SecondGuard {
  readonly account: string;
  readonly secret: string;
  /** From where the request comes. */
  readonly address?: string;
}

export type SecondVerdict =
  | { readonly ok: true; readonly duress: boolean }
  | {
      readonly ok: false;
      readonly problem: 'second-wrong' | 'locked' | 'busy';
      readonly waitSeconds?: number;
    };

export interface DeedRefused {
  readonly problem: DeedProblem;
  readonly waitSeconds?: number;
  /** The row stands all the same. */
  readonly row?: number;
}

type DeedProblem =
  | 'second-wrong'
  | 'second-same'
  | 'locked'
  | 'busy'
  | 'lane-unknown'
  | 'nothing-to-undo'
  | 'person-unknown'
  | 'not-recorded'
  | 'door-faulty'
  | 'door-released'
  | 'once-taken';

type Done = Result<DeedAnswer, DeedRefused>;

export class Deeds {
  readonly #parts: DeedsParts;
  readonly #once = new OncePerName<Done>(DEEDS_KEPT_MAX);

  constructor(parts: DeedsParts) {
    this.#parts = parts;
  }

  /** @param address from where the request comes */
  async take(body: DeedBody, guard: Guard, address?: string): Promise<Done> {
    const name = `${guard.account}/${body.once}`;
    const answer = this.#once.take(
      { name, asked: JSON.stringify(withoutSecret(body)) },
      () => this.#take(body, guard, address),
      (done) => done.ok || done.error.row !== undefined,
    );
    return answer ?? err({ problem: 'once-taken' });
  }

  async #take(body: DeedBody, guard: Guard, address: string | undefined): Promise<Done> {
    const refused = this.#refusedEntry(body);
    if (refused !== undefined) return err(refused);
    const second = await this.#second(body, guard, address);
    if (!second.ok) return second;
    const duress = guard.duress || second.value.duress;
    const written = this.#parts.gate.takeManual(manualItemOf(body, { account: guard.account, duress }));
    if (!written.ok) return err({ problem: problemOf(written.error) });
    const { row } = written.value;
    const door = await this.#doorAfter(body);
    if (door !== 'works') return err({ problem: `door-${door}`, row });
    return ok({ row, undoMs: canBeUndone(body) ? this.#parts.work.undoMs : 0 });
  }

  async #doorAfter(body: DeedBody): Promise<'works' | 'faulty' | 'released'> {
    const lane = opens(body) && 'lane' in body ? body.lane : undefined;
    return lane === undefined ? 'works' : this.#parts.work.doorAfter(lane);
  }

  /** A row that is not there yet asked for nobody. */
  #refusedEntry(body: DeedBody): DeedRefused | undefined {
    if (body.deed !== 'let-in' || body.entry === undefined) return undefined;
    return body.entry > this.#parts.work.journal.head().seq ? { problem: 'person-unknown' } : undefined;
  }

  /** Two persons hold a door open; whichever of them is forced, the silent alarm goes out. */
  async #second(
    body: DeedBody,
    guard: Guard,
    address: string | undefined,
  ): Promise<Result<{ readonly duress: boolean }, DeedRefused>> {
    if (body.deed !== 'hold') return ok({ duress: false });
    if (body.second.account === guard.account) return err({ problem: 'second-same' });
    const verdict = await this.#parts.isSecond({
      ...body.second,
      ...(address === undefined ? {} : { address }),
    });
    if (verdict.ok) return ok({ duress: verdict.duress });
    const { problem, waitSeconds } = verdict;
    return err({ problem, ...(waitSeconds === undefined ? {} : { waitSeconds }) });
  }
}

function withoutSecret(body: DeedBody): object {
  return body.deed === 'hold' ? { ...body, second: body.second.account } : body;
}

function problemOf(problem: string): DeedProblem {
  return problem === 'lane-unknown' || problem === 'nothing-to-undo' ? problem : 'not-recorded';
}
