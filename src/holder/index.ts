/** What a phone does: keeps its key, and signs kinds 2 and 3 with it. Browser-safe; the secret never leaves the key. */
export { showCredential, showProof } from './codes.ts';
export { type HolderKey, makeStoredKey, openStoredKey, type StoredKey, type Subtle } from './key.ts';
