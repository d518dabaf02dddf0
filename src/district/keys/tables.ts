/** Tables of the key desk. A secret is never among them: it lies in a file of the keys folder, named by `id` or `kid`. */
export interface IssuerKeyTable {
  /** Names the secret's file: the first half of SHA-256 of the public key, hex. */
  id: string;
  issuer: string;
  kid: number;
  suite: number;
  /** hex */
  public_key: string;
  /** `{ kinds?, communities? }` as JSON: kept with the key, for the day on which its issuer has left the configuration. */
  scope: string;
  made_at_seconds: number;
  not_before_seconds: number;
  /** null: published, and waiting until gates have it */
  sign_from_seconds: number | null;
  sign_until_seconds: number;
  verify_until_seconds: number;
  /** First version of the key set that names it. */
  published_version: number | null;
  /** It signs no more; without a cut-off, nothing under it counts any more. */
  retired_at_seconds: number | null;
  cut_off_seconds: number | null;
}

export interface OperatorKeyTable {
  /** RFC 7638 thumbprint */
  kid: string;
  /** The account that it signs for, or the district itself. */
  actor: string;
  made_at_seconds: number;
  from_seconds: number;
  /** null: published, and waiting until gates have it */
  sign_from_seconds: number | null;
  until_seconds: number;
  published_version: number | null;
  retired_at_seconds: number | null;
}

export interface CommunityRulesTable {
  community: number;
  /** JSON */
  rules: string;
  changed_at: number;
}
