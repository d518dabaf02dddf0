/**
 * How many came in by a guard's deed, said in its row's reason where it is more than one: `visitor:host-asked/3`. The row has
 * no field for it, and those who are counted are named nowhere.
 */
const COUNTED = /\/([2-9])$/;

export function reasonWithPeople(reason: string, people: number): string {
  return people > 1 ? `${reason}/${people}` : reason;
}

/** @returns 1 where the reason says nothing of it */
export function peopleOfReason(reason: string): number {
  return Number(COUNTED.exec(reason)?.[1] ?? 1);
}

/** @returns the reason without their number */
export function uncounted(reason: string): string {
  return reason.replace(COUNTED, '');
}
