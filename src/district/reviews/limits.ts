/** Limits and periods of applications and their review. */

/** Pictures: pixels in all and of a side, and bytes that a PNG may inflate to. */
export const PICTURE_PIXELS_MAX = 25_000_000;
export const PICTURE_SIDE_MAX = 8_192;
export const PICTURE_INFLATED_MAX: number = PICTURE_PIXELS_MAX * 4;
/** Segments of a JPEG and scans in it, chunks of a PNG or a WebP. A progressive JPEG has ten scans or so. */
export const PICTURE_PARTS_MAX = 4_096;
export const PICTURE_SCANS_MAX = 32;

const DAY_MS = 86_400_000;
/** What was sent is erased so long after the decision, unless the configuration says otherwise; a photo that was accepted later. */
export const CONTENT_DAYS = 30;
export const PHOTO_DAYS = 183;
/** A receipt number with its outcome, and nothing else, stays for a year. */
export const OUTCOME_KEPT_MS: number = 366 * DAY_MS;
/** Working days until a decision, and until an accepted appeal is applied (the manual's A8: one each). */
export const REVIEW_WORKING_DAYS = 1;
/** Applications that wait at once in a district: beyond, new ones are refused until some are decided. */
export const WAITING_MAX = 5_000;
/** Appeals about one document within so long (A8: too many are refused). */
export const APPEALS_MAX = 3;
export const APPEALS_WITHIN_MS: number = 30 * DAY_MS;
/** Lines of one answer, and of one page. */
export const LISTED_APPLICATIONS_MAX = 200;
/** Erased, or written under a new key, in one transaction. */
export const KEPT_STEP = 200;
/** What one account, or the portal, may send and ask in a minute; and receipt numbers that there are not. */
export const SUBMITTED_MAX = 30;
export const SUBMITTED_BY_PORTAL_MAX = 120;
export const ASKED_MAX = 600;
export const WRONG_RECEIPTS_MAX = 20;
export const APPLICATIONS_WITHIN_MS = 60_000;
/** Pictures that are looked through beside each other. */
export const PICTURES_AT_ONCE = 2;
