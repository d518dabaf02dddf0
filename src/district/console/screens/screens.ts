import type { Screen } from '../kit/screen.ts';
import { accounts } from './accounts.ts';
import { application } from './application.ts';
import { approvals } from './approvals.ts';
import { audit } from './audit.ts';
import { enrol } from './enrol.ts';
import { entries, entry } from './entries.ts';
import { feed } from './feed.ts';
import { gate } from './gate.ts';
import { chooseList, keptList } from './import-list.ts';
import { newResident } from './new-resident.ts';
import { counter } from './counter.ts';
import { reviews } from './reviews.ts';
import { resident } from './resident.ts';
import { residents } from './residents.ts';
import { review } from './review.ts';
import { shown } from './shown.ts';
import { system } from './system.ts';
import { trust } from './trust.ts';
import { updates } from './updates.ts';
import { wall } from './wall.ts';

/** Every page of the console. */
export const SCREENS: readonly Screen[] = [
  wall,
  gate,
  feed,
  entries,
  entry,
  residents,
  newResident,
  resident,
  chooseList,
  keptList,
  enrol,
  trust,
  updates,
  approvals,
  accounts,
  audit,
  review,
  reviews,
  counter,
  application,
  system,
  shown,
];
