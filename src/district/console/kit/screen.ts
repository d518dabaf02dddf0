import type { Context } from 'hono';
import type { DeskRole, Principal } from '../../accounts/roles.ts';
import type { ConsoleParts } from '../parts.ts';
import type { OrderLog } from '../screens/order-log.ts';
import type { LiveLines } from '../live/lines.ts';
import type { NoticeName } from '../words/notices.ts';
import type { Text } from '../words/text.ts';
import type { View } from './layout.ts';
import type { KeptLists } from './kept-lists.ts';
import type { FieldErrors, Fields, Page } from './page.ts';
import type { Tickets } from './tickets.ts';

/**
 * A page of the console: who may see it, how it is shown, and which forms it takes. Forms go to the page's own address; what
 * came of them is told after a redirect, or the page is shown again with what was typed.
 */
export interface Screen {
  /** Below `/console`, in Hono's form */
  readonly path: string;
  readonly may: readonly DeskRole[];
  /** Largest body that is sent here, when it is larger than a form's; bytes. */
  readonly bodyBytesMax?: number;
  /** @returns undefined when there is nothing of that name */
  show(visit: Visit): Promise<View | undefined>;
  readonly forms?: Readonly<Record<string, FormHandler>>;
}

export interface FormHandler {
  readonly may: readonly DeskRole[];
  act(visit: Visit, fields: Fields, file: File | undefined): Promise<Outcome>;
}

export type Outcome =
  | { readonly go: string; readonly notice?: NoticeName }
  /** Shows the page again with what was typed. */
  | { readonly problem: Text; readonly errors?: FieldErrors }
  /** Not a write: the page is shown with what was asked. */
  | { readonly again: true }
  | { readonly answer: Response };

export interface Visit {
  readonly page: Page;
  readonly parts: ConsoleParts;
  readonly principal: Principal;
  readonly context: Context;
  /** Symbols and secrets that are shown once. */
  readonly tickets: Tickets<Shown>;
  readonly session: string;
  /** Lists of communities that were looked through and wait to be taken. */
  readonly lists: KeptLists;
  readonly orders: OrderLog;
  readonly lines: LiveLines;
  readonly param: (name: string) => string;
  readonly query: (name: string) => string | undefined;
}

/** What is shown once, under a ticket. */
export type Shown = (visit: Visit) => Promise<View>;
