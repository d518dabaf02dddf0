/**
 * Draws what guards will see of a photo, small and upright, where the reviewer sees it too, and puts it into the form of the
 * decision. Without it the photo is accepted and guards see none. Plain JavaScript, as all here.
 */

/** Tried one after the other until the file is small enough. */
const QUALITIES = [0.85, 0.7, 0.55, 0.4, 0.25];
/** Of a picture that is higher than the copy at most this share is cut off above: a face is in the upper part. */
const CUT_ABOVE = 0.1;

export const drawGuardCopy = () => {
  const canvas = document.querySelector('canvas[data-bytes-max]');
  const input = document.querySelector('input[name="guardPhoto"]');
  const photo = document.querySelector('.photo img');
  const isThere =
    canvas instanceof HTMLCanvasElement &&
    input instanceof HTMLInputElement &&
    photo instanceof HTMLImageElement;
  if (!isThere) return;
  const figure = canvas.closest('[data-copy]');
  const button = input.form?.querySelector('[type="submit"]');
  button?.setAttribute('disabled', '');
  copyOf(canvas, photo)
    .then((file) => {
      const files = new DataTransfer();
      files.items.add(file);
      input.files = files.files;
      figure?.setAttribute('data-copy', 'drawn');
    })
    .catch(() => figure?.setAttribute('data-copy', 'failed'))
    .finally(() => button?.removeAttribute('disabled'));
};

const copyOf = async (canvas = document.createElement('canvas'), photo = new Image()) => {
  await photo.decode();
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser draws nothing');
  const scale = Math.max(canvas.width / photo.naturalWidth, canvas.height / photo.naturalHeight);
  const [width, height] = [canvas.width / scale, canvas.height / scale];
  const left = (photo.naturalWidth - width) / 2;
  const top = Math.min((photo.naturalHeight - height) / 2, photo.naturalHeight * CUT_ABOVE);
  // What can be seen through would be black in a JPEG.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(photo, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return fileOf(canvas);
};

const fileOf = async (canvas = document.createElement('canvas')) => {
  const bytesMax = Number(canvas.getAttribute('data-bytes-max'));
  for (const quality of QUALITIES) {
    const bytes = await blobOf(canvas, quality);
    // A browser that writes no JPEG writes a PNG instead (HTML, "serialization of the bitmap to a file").
    if (bytes instanceof Blob && bytes.type === 'image/jpeg' && bytes.size <= bytesMax)
      return new File([bytes], 'guards.jpg', { type: bytes.type });
  }
  throw new Error('it does not become small enough');
};

const blobOf = (canvas = document.createElement('canvas'), quality = 1) =>
  new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
