/** Reads a plot out where somebody points at it, from the table that stands under it. Plain JavaScript, as all here. */

export const readPlots = () => {
  for (const plot of document.querySelectorAll('.plot-area:not([data-read])')) {
    plot.setAttribute('data-read', '');
    const figure = plot.closest('figure');
    const told = figure?.querySelector('.plot-told') ?? null;
    const line = plot.querySelector('.plot-line');
    const rows = [...(figure?.querySelectorAll('tbody tr') ?? [])];
    const heads = [...(figure?.querySelectorAll('thead th') ?? [])].map((head) => head.textContent);
    if (told === null || line === null || rows.length === 0) continue;
    const before = told.textContent;
    const show = (share = 0) => {
      // The table has the newest first, the plot the oldest.
      const at = Math.min(rows.length - 1, Math.max(0, Math.floor(share * rows.length)));
      const cells = [...(rows[rows.length - 1 - at]?.children ?? [])].map((cell) => cell.textContent);
      told.textContent = cells
        .map((cell, place) => (place === 0 ? cell : `${heads[place]} ${cell}`))
        .join(' · ');
      const x = String(((at + 0.5) / rows.length) * 1_000);
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      line.removeAttribute('visibility');
    };
    plot.addEventListener('pointermove', (event) => {
      if (!(event instanceof PointerEvent)) return;
      const { left, width } = plot.getBoundingClientRect();
      show((event.clientX - left) / width);
    });
    plot.addEventListener('pointerleave', () => {
      told.textContent = before;
      line.setAttribute('visibility', 'hidden');
    });
  }
};
