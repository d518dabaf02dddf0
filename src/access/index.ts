/** Who may sign in, at the district and at a gate: how passwords and PINs are kept, which are too weak, how often one may try. */
export {
  PASSWORDS_HASHED_MAX,
  PASSWORDS_WAITING_MAX,
  PIN_FIGURES_MIN,
  SIGN_IN_FORGET_MS,
  SIGN_IN_LOCK_MAX_MS,
  SIGN_IN_TRIES_MAX,
  SIGN_IN_WINDOW_MS,
} from './limits.ts';
export { type Argon2id, type Checked, type PasswordCrypto, Passwords } from './passwords.ts';
export {
  accountKey,
  addressKey,
  countAt,
  countedDown,
  countedUp,
  isFull,
  type SignInCount,
  type Tried,
  triedKeys,
} from './sign-in-count.ts';
export { isWeakPin } from './weak-pins.ts';
export { type WeakPassword, weakness } from './weak-passwords.ts';
