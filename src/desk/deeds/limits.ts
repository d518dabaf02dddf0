/** Deeds whose answer is kept, so that a request that is sent again does nothing twice: those of an hour at a busy gate. */
export const DEEDS_KEPT_MAX = 500;
