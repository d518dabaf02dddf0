import { checkCharacter, type NewResident, type PersonBody } from '../../wire/index.ts';

/**
 * Generated residents of a generated community: their given names are the characters with which Chinese forms count, and
 * their document numbers, though valid, lie under an area code that was given to no county.
 */

export const DEMO_COMMUNITY = 1001;
export const DEMO_GATE = 'north-1';

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙'] as const;
const GIVEN = ['甲', '乙', '丙'] as const;
const HOUSEHOLDS = 8;
/** Three live there. */
export const DEMO_ROOM = '1-1-102';
/** Nobody's: GB/T 2260 gives no county of Beijing such a number. */
const AREA = '119999';
/** Of a grown-up, an old person, a child. */
const BORN = ['19850316', '19480922', '20170605'] as const;

/** Three generations in every other household: a grown-up, an old person who needs more time, a child. */
export function demoResidents(): readonly NewResident[] {
  return Array.from({ length: HOUSEHOLDS }, (_, household) => {
    const room = `${1 + (household % 4)}-${1 + (household % 2)}-${1 + household}02`;
    const base = {
      community: DEMO_COMMUNITY,
      room,
      assurance: 1,
      needsMoreTime: false,
      minor: false,
    } as const;
    const person = (place: 0 | 1 | 2) => personOf(household, place);
    const grown = { ...base, person: person(0), assurance: 2 as const };
    if (household % 2 === 1) return [grown];
    const old = { ...base, person: person(1), needsMoreTime: true };
    return [grown, old, { ...base, person: person(2), minor: true }];
  }).flat();
}

function personOf(household: number, place: 0 | 1 | 2): PersonBody {
  const body = `${AREA}${BORN[place]}${String(household * 3 + place + 1).padStart(3, '0')}`;
  const surname = SURNAMES[household % SURNAMES.length] ?? '王';
  const document = { type: 'resident-id', number: body + checkCharacter(body) } as const;
  return { name: `${surname}${GIVEN[place]}`, document };
}
