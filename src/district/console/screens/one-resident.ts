import { type PersonView, residentIndex, type ResidentView } from '../../../wire/index.ts';
import type { Visit } from '../kit/screen.ts';

/** Which resident a page is about, who that is, and what is written down about a deed with them. */
export async function viewOf({ parts, param }: Visit): Promise<ResidentView | undefined> {
  const index = residentIndex.safeParse(
    /^\d{1,10}$/.test(param('index')) ? Number(param('index')) : undefined,
  );
  return index.success ? parts.registry.resident(index.data) : undefined;
}

/** Masked; undefined for one who was entered without a document, and for one who has left. */
export async function personOf(
  { parts }: Visit,
  { community, room, index }: ResidentView,
): Promise<PersonView | undefined> {
  const found = await parts.persons.search({ by: 'room', community, room });
  return found.find(({ residences }) => residences.some((each) => each.index === index));
}

export async function note(
  { parts, principal }: Visit,
  deed: { readonly action: string; readonly subject: number; readonly outcome: string },
): Promise<void> {
  await parts.audit.note({ account: principal.account, ...deed, subject: String(deed.subject) });
}
