/** Counts what goes by: how long ago something was, and what is left of what ends. Plain JavaScript, as all here. */

const AGO_EVERY_MS = 5_000;
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** As the server writes them out; its words come with the page. */
const showAges = () => {
  const words = document.querySelector('main')?.getAttribute('data-spans')?.split('|') ?? [];
  const [seconds = '', minutes = '', hours = '', days = '', ago = '', ahead = ''] = words;
  for (const element of document.querySelectorAll('time[data-ago]')) {
    const span = Date.now() - Number(element.getAttribute('data-ago'));
    const size = Math.abs(span);
    const [unit, length] =
      size < MINUTE
        ? [seconds, SECOND]
        : size < HOUR
          ? [minutes, MINUTE]
          : size < 2 * DAY
            ? [hours, HOUR]
            : [days, DAY];
    const told = unit.replace('{n}', String(Math.floor(size / length)));
    const text = (span >= 0 ? ago : ahead).replace('{span}', told);
    if (element.textContent !== text) element.textContent = text;
  }
};

const showLeft = () => {
  for (const element of document.querySelectorAll('[data-until]')) {
    const left = Math.max(0, Math.ceil((Number(element.getAttribute('data-until')) - Date.now()) / SECOND));
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    if (element.textContent !== text) element.textContent = text;
  }
};

export const countDown = () => {
  showLeft();
  if (document.querySelector('[data-until]') !== null) setInterval(showLeft, SECOND);
  setInterval(showAges, AGO_EVERY_MS);
};
