import { checkCharacter } from '../../wire/index.ts';
import type { PersonBody } from '../../wire/index.ts';

/**
 * People who do not exist, for trials: their numbers have valid check characters under area codes that were given to no
 * county, their telephone numbers begin with 154, which no network has, and their names are of the word 测试 (test).
 */
const AREAS = ['119999', '319999', '449998', '619999', '659997'] as const;
const GIVEN = '安宝晨丹恩芳歌禾佳可兰明宁鹏琪然书田伟欣雅远泽梓青川木子云山' as const;
const DAY_MS = 86_400_000;
/** Born from 1930 to 2025. */
const BORN_FROM = Date.UTC(1930, 0, 1);
const DAYS = 35_000;

/** @param draw a whole number from 0 to below its argument @param at tells one from another: none is made twice */
export function generatedPerson(at: number, draw: (below: number) => number): PersonBody {
  const given = Array.from({ length: 1 + draw(2) }, () => GIVEN.charAt(draw(GIVEN.length)));
  return {
    name: `${['测', '试', '测试'][draw(3)] ?? '测'}${given.join('')}`,
    document: { type: 'resident-id', number: generatedNumber(at) },
    phone: `+86154${String(at % 100_000_000).padStart(8, '0')}`,
    ...(draw(10) === 0 ? { plate: `陕A${String(at % 100_000).padStart(5, '0')}` } : {}),
  };
}

/** Areas, days and orders are counted through, so that no number comes twice in the first 180 million. */
function generatedNumber(at: number): string {
  const order = (Math.floor(at / DAYS) % 999) + 1;
  const area = AREAS[Math.floor(at / DAYS / 999) % AREAS.length] ?? AREAS[0];
  // 7,919 has no factor in common with the number of days, so every day comes before the first comes again.
  const day = (at * 7_919) % DAYS;
  const born = new Date(BORN_FROM + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  const body = `${area}${born}${String(order).padStart(3, '0')}`;
  return body + checkCharacter(body);
}
