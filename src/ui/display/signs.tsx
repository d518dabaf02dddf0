import type { DisplayVerdict } from '../../wire/index.ts';

/** Shapes that differ by outline alone: a ring with a tick, an octagon with a cross, a triangle with a bang. */
export function ToneSign({ tone }: { readonly tone: DisplayVerdict['tone'] }) {
  return (
    <svg class="sign" viewBox="0 0 100 100" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES = {
  pass: (
    <>
      <circle cx="50" cy="50" r="44" class="sign-line" />
      <path d="M28 52 44 68 74 34" class="sign-line" />
    </>
  ),
  stop: (
    <>
      <path d="M32 6h36l26 26v36L68 94H32L6 68V32Z" class="sign-line" />
      <path d="m34 34 32 32m0-32L34 66" class="sign-line" />
    </>
  ),
  guard: (
    <>
      <path d="M50 9 95 89H5Z" class="sign-line" />
      <path d="M50 36v26" class="sign-line" />
      <circle cx="50" cy="76" r="5" class="sign-dot" />
    </>
  ),
};

/** A phone that shows its code to a reader. */
export function HoldPicture() {
  return (
    <svg class="hold" viewBox="0 0 240 240" aria-hidden="true">
      <path class="hold-beam" d="M120 40 66 132h108Z" />
      <rect class="hold-reader" x="74" y="14" width="92" height="30" rx="9" />
      <rect class="hold-eye" x="96" y="25" width="48" height="8" rx="4" />
      <g class="hold-phone">
        <rect class="hold-body" x="68" y="92" width="104" height="140" rx="15" />
        <rect class="hold-glass" x="77" y="104" width="86" height="112" rx="5" />
        <path class="hold-code" d={CODE} />
      </g>
    </svg>
  );
}

/** Looks like a symbol, and reads as nothing. */
const CODE = [
  'M86 120h22v22H86zm5 5v12h12v-12zM132 120h22v22h-22zm5 5v12h12v-12zM86 166h22v22H86zm5 5v12h12v-12z',
  'M113 120h6v6h-6zm6 8h7v7h-7zm-6 9h7v7h-7zM86 147h7v7h-7zm12 0h7v7h-7zm8 8h7v7h-7zm14-8h7v7h-7z',
  'M132 147h7v7h-7zm12 0h10v7h-10zm-12 14h7v7h-7zm12-2h10v7h-10zM113 166h7v7h-7zm7 8h7v7h-7zm-7 8h7v6h-7z',
  'M130 174h7v14h-7zm12-2h12v6h-12zm5 9h7v7h-7z',
].join('');
