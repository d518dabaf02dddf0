import { useEffect } from 'preact/hooks';
import { GUARD_PHOTO } from '../../wire/index.ts';
import { Button } from '../kit/index.ts';
import { photos, wantPhoto } from './photos.ts';
import { say } from './settings.ts';
import { search } from './words/search.ts';
import { problems } from './words/sign-in.ts';

/** The face of whoever is chosen. The answer beside it never waits for this. */
export function Photo({ row, index }: { readonly row: number; readonly index: number }) {
  useEffect(() => void wantPhoto({ row, index }), [row, index]);
  const photo = photos.value.get(index);
  if (photo?.type === 'shown') {
    const { widthPixels: width, heightPixels: height } = GUARD_PHOTO;
    return <img class="photo" src={photo.url} alt={say(search.photo)} width={width} height={height} />;
  }
  if (photo?.type !== 'none') {
    return (
      <p class="photo photo-missing" role="status">
        {say(search.photoComing)}…
      </p>
    );
  }
  const { title, next } = problems[photo.failure.problem];
  return (
    <div class="photo photo-missing" role="status">
      <p>{say(title)}</p>
      <p>{say(next)}</p>
      {photo.failure.problem !== 'no-photo' && (
        <Button press={() => void wantPhoto({ row, index })} class="button-small">
          {say(search.photoAgain)}
        </Button>
      )}
    </div>
  );
}
