/** The district's pen: signs codes (and, beside them, trust documents). It keeps no key and decides nothing. */
export { type Issuer, issueCard, issueCredential, issuePass, issueToken, linkForm } from './codes.ts';
