/** How a frame of a camera is looked at, in Node and in the browser alike: whether, where, and through which filters. */
export { type Advice, adviceOf } from './advice.ts';
export { type Attention, createAttention, type Look } from './attention.ts';
export { canFilter, createFilters, type Filters } from './filters.ts';
export { type Measures, measure } from './measure.ts';
export { createMotionGate, type MotionGate } from './motion-gate.ts';
export type { GreyPicture, PictureSize, Region } from './picture.ts';
export { createPresence, type Presence } from './presence.ts';
export { partOf, type Point, regionAround, wholeOf } from './region.ts';
export { STILL_MS_MAX, type StillLook, stillLooks } from './still.ts';
export { CASCADE, PLAIN_CASCADE, type Search, searchOf, type ViewName, viewOf } from './views.ts';
