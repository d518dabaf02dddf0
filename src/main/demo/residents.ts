import type { NewResident } from '../../wire/index.ts';

/** Generated residents of a generated community. Names are masked before they are made: there is nobody behind them. */

export const DEMO_COMMUNITY = 1001;
export const DEMO_GATE = 'north-1';

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙'] as const;
const HOUSEHOLDS = 8;

/** Three generations in every other household: a grown-up, an old person who needs more time, a child. */
export function demoResidents(): readonly NewResident[] {
  return Array.from({ length: HOUSEHOLDS }, (_, household) => {
    const room = `${1 + (household % 4)}-${1 + (household % 2)}-${1 + household}02`;
    const display = `${SURNAMES[household % SURNAMES.length] ?? '王'}*`;
    const base = {
      community: DEMO_COMMUNITY,
      room,
      display,
      assurance: 1,
      needsMoreTime: false,
      minor: false,
    } as const;
    const grown = { ...base, assurance: 2 as const };
    return household % 2 === 1
      ? [grown]
      : [grown, { ...base, needsMoreTime: true }, { ...base, minor: true }];
  }).flat();
}
