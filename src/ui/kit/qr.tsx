import { useEffect, useRef } from 'preact/hooks';
import { mixedQrMatrix, type QrMatrix, qrMatrix } from './qr-matrix.ts';

interface QrProps {
  readonly value: string;
  readonly label: string;
  /** No code of ours, and in characters of all kinds. */
  readonly mixed?: boolean | undefined;
}

/** A QR symbol as large as its box, black on white at any time of day, every module a whole number of pixels. */
export function Qr({ value, label, mixed = false }: QrProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const around = box.current;
    const drawn = canvas.current;
    if (around === null || drawn === null) return undefined;
    const matrix = mixed ? mixedQrMatrix(value) : qrMatrix(value);
    const fit = () => draw(drawn, matrix, Math.min(around.clientWidth, around.clientHeight));
    const watch = new ResizeObserver(fit);
    watch.observe(around);
    fit();
    return () => watch.disconnect();
  }, [value, mixed]);
  return (
    <div class="qr" ref={box}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, matrix: QrMatrix, spaceCss: number): void {
  const ratio = window.devicePixelRatio;
  const modulePixels = Math.max(1, Math.floor((spaceCss * ratio) / matrix.side));
  const pixels = modulePixels * matrix.side;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return;
  canvas.width = pixels;
  canvas.height = pixels;
  canvas.style.width = `${pixels / ratio}px`;
  canvas.style.height = `${pixels / ratio}px`;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, pixels, pixels);
  context.fillStyle = '#000';
  for (let row = 0; row < matrix.side; row += 1) {
    for (let column = 0; column < matrix.side; column += 1) {
      if (matrix.dark(column, row))
        context.fillRect(column * modulePixels, row * modulePixels, modulePixels, modulePixels);
    }
  }
}
