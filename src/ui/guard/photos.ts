import { effect, signal } from '@preact/signals';
import type { GuardPhotoBody } from '../../wire/index.ts';
import { fetchPhoto } from './api.ts';
import type { Failure } from './call.ts';
import { found } from './look-up.ts';

/** Faces of those who are on the page: fetched once each, and gone with the answer that they belong to. */
export type PhotoState =
  | { readonly type: 'coming' }
  | { readonly type: 'shown'; readonly url: string }
  | { readonly type: 'none'; readonly failure: Failure };

export const photos = signal<ReadonlyMap<number, PhotoState>>(new Map());

/** A slow answer to an earlier look-up must not come to stand in a later one. */
let turn = 0;

export async function wantPhoto(asked: GuardPhotoBody): Promise<void> {
  const known = photos.peek().get(asked.index)?.type;
  if (known === 'coming' || known === 'shown') return;
  const mine = turn;
  set(asked.index, { type: 'coming' });
  const answer = await fetchPhoto(asked);
  if (mine !== turn) return;
  set(
    asked.index,
    answer.ok
      ? { type: 'shown', url: URL.createObjectURL(answer.value) }
      : { type: 'none', failure: answer.error },
  );
}

effect(() => {
  if (found.value === undefined) forgetPhotos();
});

function forgetPhotos(): void {
  turn += 1;
  for (const photo of photos.peek().values()) if (photo.type === 'shown') URL.revokeObjectURL(photo.url);
  photos.value = new Map();
}

function set(index: number, state: PhotoState): void {
  photos.value = new Map(photos.peek()).set(index, state);
}
