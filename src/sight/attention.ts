import type { PictureSize, Region } from './picture.ts';
import { type Point, regionAround, wholeOf } from './region.ts';
import { CASCADE, type ViewName } from './views.ts';

/**
 * Where to look next, and how: one view of each frame, in turn, because a hand that holds a code gives many frames; after
 * a code was read, at its surroundings in the view that showed it. Pure; it holds no picture.
 */
export interface Attention {
  next(): Look;
  /** What came of the last look; corners in pixels of the whole frame. */
  seen(corners: readonly Point[] | undefined): void;
}

export interface Look {
  readonly view: ViewName;
  readonly region: Region;
}

/** Looks at a region that may find nothing before the whole is looked at again. */
const FOCUS_MISSES_MAX = 2;
/** While a code is held in view, every so many looks go to the whole: somebody else may hold up another. */
const WHOLE_EVERY = 4;

interface Focus {
  readonly look: Look;
  looks: number;
  misses: number;
}

export function createAttention(size: PictureSize, cascade: readonly ViewName[] = CASCADE): Attention {
  const whole = wholeOf(size);
  const viewAt = (at: number) => cascade[at] ?? 'raw';
  let turn = 0;
  let focus: Focus | undefined;
  let last: Look = { view: viewAt(turn), region: whole };

  function nextLook(): Look {
    if (focus !== undefined) {
      focus.looks += 1;
      if (focus.looks % WHOLE_EVERY !== 0) return focus.look;
    }
    const view = viewAt(turn);
    turn = (turn + 1) % cascade.length;
    return { view, region: whole };
  }

  return {
    next() {
      last = nextLook();
      return last;
    },
    seen(corners) {
      if (corners !== undefined) {
        focus = focusOn({ view: last.view, region: regionAround(corners, size) }, focus);
        // What showed this code will show the next: lens, light and distance are the same.
        turn = cascade.indexOf(last.view);
      } else if (focus !== undefined && last === focus.look) {
        focus.misses += 1;
        if (focus.misses >= FOCUS_MISSES_MAX) focus = undefined;
      }
    },
  };
}

function focusOn(look: Look, before: Focus | undefined): Focus {
  return { look, looks: before?.looks ?? 0, misses: 0 };
}
