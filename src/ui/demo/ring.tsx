/** The part of a span that is left, as a ring. @param share 0 to 1 */
export function Ring({ share }: { readonly share: number }) {
  return (
    <svg class="ring" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="16" class="ring-whole" />
      <circle
        cx="20"
        cy="20"
        r="16"
        class="ring-left"
        pathLength="100"
        stroke-dasharray={`${Math.min(1, Math.max(0, share)) * 100} 100`}
      />
    </svg>
  );
}
