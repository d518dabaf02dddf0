import { err, ok, type Result } from '../base/index.ts';

/**
 * Names, telephone numbers, plates and rooms as people write them, brought to one form. Each says what is wrong, and
 * none repeats what it was given.
 */

export type FieldProblem =
  | 'name-empty'
  | 'name-long'
  | 'name-characters'
  | 'phone-shape'
  | 'phone-mainland'
  | 'plate-shape'
  | 'room-shape';

export const NAME_MAX = 50;
const PHONE_MAX = 32;
const PLATE_MAX = 16;
const ROOM_MAX = 40;

/** @returns without spaces at its ends, half-width, one kind of middle dot */
export function checkName(text: string): Result<string, FieldProblem> {
  const name = plain(text.slice(0, NAME_MAX * 4))
    .replace(/[・•‧∙⋅]/g, '·')
    .replace(/ {2,}/g, ' ');
  if (name === '') return err('name-empty');
  if ([...name].length > NAME_MAX) return err('name-long');
  return /^[\p{L}\p{M}][\p{L}\p{M} ·.'’-]*$/u.test(name) ? ok(name) : err('name-characters');
}

/**
 * E.164 (ITU-T). Without a country code it is a mainland number (MIIT numbering plan of 2017: mobiles have 11 digits
 * from 13 to 19); Hong Kong and Macao have 8 digits (Macao's mobiles begin with 6), Taiwan's mobiles 9 from 9.
 * @returns `+8613800000000`
 */
export function checkPhone(text: string): Result<string, FieldProblem> {
  const digits = plain(text.slice(0, PHONE_MAX)).replace(/[\s()‐-―-]/g, '');
  const number = digits.replace(/^00/, '+');
  if (!number.startsWith('+'))
    return mainland(number.length === 13 && number.startsWith('86') ? number.slice(2) : number);
  if (number.startsWith('+86')) return mainland(number.slice(3));
  const region = REGIONS.find(({ code }) => number.startsWith(code));
  const local = region === undefined ? '' : number.slice(region.code.length).replace(/^0/, '');
  if (region !== undefined) return region.shape.test(local) ? ok(region.code + local) : err('phone-shape');
  return /^\+[1-9]\d{6,14}$/.test(number) ? ok(number) : err('phone-shape');
}

const REGIONS = [
  { code: '+852', shape: /^[2-9]\d{7}$/ },
  { code: '+853', shape: /^(6\d{7}|[28]\d{7})$/ },
  { code: '+886', shape: /^(9\d{8}|[2-8]\d{7,8})$/ },
] as const;

function mainland(digits: string): Result<string, FieldProblem> {
  return /^1[3-9]\d{9}$/.test(digits) ? ok(`+86${digits}`) : err('phone-mainland');
}

/** GA 36-2018: a province, a letter of the issuing office, and five characters without I and O. */
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const PLATES = [
  new RegExp(`^[${PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]$`),
  // New energy, six characters: small ones say D to K first, large ones D or F last (GA 36-2018, 5.4).
  new RegExp(`^[${PROVINCES}][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\\d{4}$`),
  new RegExp(`^[${PROVINCES}][A-HJ-NP-Z]\\d{5}[A-HJK]$`),
  // Embassies and consulates.
  /^使\d{6}$/,
  new RegExp(`^[${PROVINCES}][A-HJ-NP-Z]?[A-HJ-NP-Z0-9]{4,5}[使领]$`),
] as const;

export function checkPlate(text: string): Result<string, FieldProblem> {
  const plate = plain(text.slice(0, PLATE_MAX))
    .toUpperCase()
    .replace(/[\s·•.‐-―-]/g, '');
  return PLATES.some((shape) => shape.test(plate)) ? ok(plate) : err('plate-shape');
}

/** A dwelling in a community: `8-2-2702` is building 8, unit 2, door 2702; a house without units has two parts. */
export interface Room {
  /** `8-2-2702` */
  readonly text: string;
  readonly building: string;
  readonly unit?: string;
  readonly door: string;
}

/** Takes `8-2-2702`, `8栋2单元2702室` and `8号楼2702`. */
export function checkRoom(text: string): Result<Room, FieldProblem> {
  const parts = plain(text.slice(0, ROOM_MAX))
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/(号楼|栋|幢|座|楼|单元|号院|排)/g, '-')
    .replace(/(号|室|户)$/, '')
    .replace(/[‐-―—－_/]/g, '-')
    .replace(/-{2,}/g, '-')
    .split('-');
  if (!parts.every((part) => /^[A-Z0-9]{1,8}$/.test(part))) return err('room-shape');
  const [building, second, third, more] = parts;
  if (building === undefined || second === undefined || more !== undefined) return err('room-shape');
  const room = { text: parts.join('-'), building, door: third ?? second };
  return ok(third === undefined ? room : { ...room, unit: second });
}

function plain(text: string): string {
  return text.normalize('NFKC').trim();
}
