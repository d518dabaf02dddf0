/**
 * How far a time zone's clocks are ahead of UTC. Temporal answers where it is; Intl, for older phones, answers the same,
 * but loads a whole locale first. Never guesses: a name that is no zone throws a RangeError.
 */

/** Seconds east of UTC at that Unix second. @param timeZone an IANA name, e.g. `Asia/Shanghai` */
export function zoneOffset(seconds: number, timeZone: string): number {
  return typeof Temporal === 'undefined'
    ? offsetOfIntl(seconds, timeZone)
    : offsetOfTemporal(seconds, timeZone);
}

export function isTimeZone(name: string): boolean {
  try {
    zoneOffset(0, name);
    return true;
  } catch {
    return false;
  }
}

export function offsetOfTemporal(seconds: number, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(timeZone);
  // It would also take the zone out of a whole date, which is no name of a zone.
  if (zoned.timeZoneId.toLowerCase() !== timeZone.toLowerCase())
    throw new RangeError(`${timeZone} is no time zone`);
  return zoned.offsetNanoseconds / 1e9;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function offsetOfIntl(seconds: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(new Date(seconds * 1000)).find((part) => part.type === 'timeZoneName');
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name?.value ?? '');
  if (match === null) throw new RangeError(`no offset known for time zone ${timeZone}`);
  const [, sign, hours = '0', minutes = '0', rest = '0'] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === '-' ? -size : size;
}
