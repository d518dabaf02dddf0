import { type PhotoRules, photoRules } from '../../wire/index.ts';
import { wallMs } from '../../base/index.ts';
import { realClock } from '../../../test/twins/broker.ts';
import { Audit } from '../accounts/audit.ts';
import { COMMUNITY, openDesk, random } from '../registry/testing.ts';
import { GuardPhotos } from '../photos/guard-photos.ts';
import { Applications } from './applications.ts';
import { testJpeg } from './pictures/testing.ts';

/** A review desk over a registry with persons, whose time is moved by the test. */
export async function openReviews(place: string, folder: string, rules: Partial<PhotoRules> = {}) {
  const desk = await openDesk(place, folder);
  const time = { passedMs: 0 };
  const clock = { ...realClock, wall: () => wallMs(Date.now() + time.passedMs) };
  const published: { places: number[]; communities: number[] } = { places: [], communities: [] };
  const photos = new GuardPhotos({ ...desk, vault: desk.persons.vault, clock });
  const applications = new Applications({
    ...desk,
    vault: desk.persons.vault,
    clock,
    random,
    audit: new Audit({ database: desk.database, clock, random }),
    communities: [{ id: COMMUNITY }],
    calendar: { timeZone: 'Asia/Shanghai' },
    photoRules: photoRules.parse(rules),
    photos,
    publisher: {
      statusChanged: async (_list, places) => void published.places.push(...places),
      registryChanged: async (change) => {
        if (change?.what === 'people') published.communities.push(...(change.communities ?? []));
      },
    },
  });
  return { ...desk, applications, photos, clock, time, published };
}

export function pictureText(width?: number, height?: number): string {
  return Buffer.from(testJpeg(width, height)).toString('base64');
}
