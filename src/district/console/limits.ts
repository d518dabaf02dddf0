import { GUARD_PHOTO } from '../../wire/index.ts';
import { GATE_HEARD_WITHIN_MS } from '../limits.ts';
import { IMPORT_BYTES_MAX } from '../registry/import/limits.ts';

/** Limits and periods of the console. */

/** A page that was open for longer is asked for again before its forms count. */
export const FORM_TOKEN_MS = 7_200_000;
/** Spent tokens that are remembered for one session, and sessions. */
export const FORM_TOKENS_USED_MAX = 512;
export const FORM_SESSIONS_MAX = 2_048;
/** What is shown once is there so long; as long as a gate's symbol holds. */
export const TICKET_MS = 600_000;
export const TICKETS_MAX = 256;
/** Largest body of a form, bytes. */
export const FORM_BYTES_MAX = 16_384;
/** A list of a community, and the form around it. */
export const LIST_BYTES_MAX: number = IMPORT_BYTES_MAX + FORM_BYTES_MAX;
/** A decision with the copy of a photo that guards see. */
export const DECISION_BYTES_MAX: number = GUARD_PHOTO.bytesMax + FORM_BYTES_MAX;
/** Lists that were looked through and wait, in all. */
export const LISTS_KEPT_MAX = 2;
/** Problems of a list that its page shows. */
export const LIST_PROBLEMS_SHOWN = 200;
/** Characters of one field. */
export const FIELD_LENGTH_MAX = 2_048;
/** Rows of one page. */
export const ENTRIES_SHOWN = 50;
export const ENTRIES_OF_GATE = 20;
export const PASSES_SHOWN = 20;
export const REVIEWS_CLOSED_SHOWN = 20;
export const RESIDENTS_SHOWN_MAX = 100;
/** A gate that has not been heard for so long is worth a look, whatever it said last: health comes every 30 s. */
export const UNHEARD_AFTER_MS: number = GATE_HEARD_WITHIN_MS;
/** More rows behind than a batch or two is a backlog. */
export const BEHIND_ROWS_WARN = 400;
/** A document is told of when less than this share of its life is left: it should have been signed again at half of it. */
export const DOCUMENT_LIFE_WARN = 0.4;
/** A document that was signed so lately is not old yet at a gate that has the one before. */
export const DOCUMENT_UNDER_WAY_MS = 15_000;
/** Pages that follow what happens, at once. */
export const LIVE_LINES_MAX = 128;
/** What changed is told at most so often: tiles of the wall, and pages that ask for themselves again. */
export const WALL_TOLD_EVERY_MS = 500;
export const CHANGES_TOLD_EVERY_MS = 1_000;
/** Gates are judged anew so often although nothing came of them: one may have fallen silent. */
export const WALL_JUDGED_EVERY_MS = 10_000;
/** A page of the wall that was made or told longer ago is made anew when its line begins. */
export const WALL_RESUMED_WITHIN_MS = 20_000;
/** Gates of one release that are listed each. */
export const UPDATED_GATES_SHOWN = 200;
/** Rows of the live page. */
export const FEED_ROWS_SHOWN = 50;
export const FEED_ALARMS_SHOWN = 50;
/** A page with a change that gates lack follows them for so long. */
export const UPTAKE_FOLLOWED_MS = 600_000;
/** Gates that lack a change and are named, and gates that are listed with their time. */
export const LACKING_NAMED_MAX = 20;
export const UPTAKES_LISTED_MAX = 100;
/** Rows of one export. */
export const EXPORT_ROWS_MAX = 10_000;
/** A guard's day is told as far from the usual from so many deeds on, and so many times the usual. */
export const OUTLIER_FROM = 20;
export const OUTLIER_TIMES = 3;
export const REVIEWED_SHOWN = 200;
/** What is costly to look up and changes slowly is looked up at most so often, and kept of so many. */
export const LOOKED_EVERY_MS = 60_000;
export const LOOKS_KEPT_MAX = 128;
