/** What the desk answers to a refusal of the house: at `/api` its status, the field, what is wrong, and what to do; to people a sentence. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;
  readonly text: string;
  readonly zh: string;
  readonly en: string;
  /** Said as `Retry-After`. */
  readonly waitSeconds?: number;
}
