/** What a phone does: keeps its key, signs kinds 2 and 3 with it, and makes its short codes. Browser-safe; no secret leaves its key. */
export { showCredential, showProof } from './codes.ts';
export { type HolderKey, makeStoredKey, openStoredKey, type StoredKey, type Subtle } from './key.ts';
export { type HmacSubtle, makeShortCodeKey, type ShownShortCode, showShortCode } from './short-code.ts';
