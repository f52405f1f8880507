import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayInTimeZone, hasPassed, parseInstant } from '../../../shared/domain/time.ts';
import { noon } from '../../support/builders/builders.ts';

/** The local time of an instant at an offset from UTC. */
const shownAt = (instant: number, offsetMinutes: number): string => {
  const local = new Date(instant + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const hours = String(Math.trunc(Math.abs(offsetMinutes) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offsetMinutes) % 60).padStart(2, '0');

  return `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`;
};

describe('parse an instant', () => {
  it.each([
    ['UTC', '2026-03-14T12:00:00.000Z'],
    ['UTC without a fraction', '2026-03-14T12:00:00Z'],
    ['lower case', '2026-03-14t12:00:00z'],
    ['Seoul', '2026-03-14T21:00:00+09:00'],
    ['Los Angeles', '2026-03-14T05:00:00-07:00'],
    ['Kathmandu', '2026-03-14T17:45:00+05:45'],
    ['an unknown local offset', '2026-03-14T12:00:00-00:00'],
    ['nanoseconds', '2026-03-14T12:00:00.000999999Z'],
  ])('parses a date-time: %s', (_where, text) => {
    expect(parseInstant(text)).toBe(noon.getTime());
  });

  it.each([
    ['a date alone', '2026-03-14'],
    ['no offset', '2026-03-14T12:00:00'],
    ['no seconds', '2026-03-14T12:00Z'],
    ['a space for the T', '2026-03-14 12:00:00Z'],
    ['an offset without a colon', '2026-03-14T12:00:00+0900'],
    ['30 February', '2026-02-30T12:00:00Z'],
    ['29 February of a common year', '2026-02-29T12:00:00Z'],
    ['a 13th month', '2026-13-01T12:00:00Z'],
    ['an hour 24', '2026-03-14T24:00:00Z'],
    ['a leap second', '2026-03-14T23:59:60Z'],
    ['an offset of a day', '2026-03-14T12:00:00+24:00'],
    ['white space around it', ' 2026-03-14T12:00:00Z'],
    ['a line break after it', '2026-03-14T12:00:00Z\n'],
    ['a year of five digits', '+12026-03-14T12:00:00Z'],
    ['words', 'next Friday'],
    ['an empty text', ''],
    ['no value', undefined],
    ['null', null],
    ['epoch seconds', 1_773_489_600],
    ['epoch seconds as text', '1773489600'],
    ['a Date', noon],
    ['a list', ['2026-03-14T12:00:00Z']],
  ])('returns undefined for %s', (_case, value) => {
    expect(parseInstant(value)).toBeUndefined();
    expect(hasPassed(value, noon)).toBe(false);
  });

  it('gives the same instant for every offset and compares by it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2999-01-01'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
        (date, offset, difference) => {
          const text = shownAt(date.getTime(), offset);

          expect(parseInstant(text)).toBe(date.getTime());
          expect(hasPassed(text, new Date(date.getTime() + difference))).toBe(difference >= 0);
        },
      ),
    );
  });
});

describe('day in a time zone', () => {
  it.each([
    ['Asia/Seoul', '2026-11-29T22:05:00Z', '2026-11-30'],
    ['Asia/Seoul', '2026-11-29T14:59:59.999Z', '2026-11-29'],
    ['Asia/Seoul', '2026-11-29T15:00:00Z', '2026-11-30'],
    ['America/New_York', '2026-03-08T04:59:59Z', '2026-03-07'],
    ['America/New_York', '2026-03-09T03:59:59Z', '2026-03-08'],
    ['Pacific/Kiritimati', '2025-12-31T10:00:00Z', '2026-01-01'],
    ['UTC', '0099-01-02T00:00:00Z', '0099-01-02'],
    [undefined, '2026-11-29T22:05:00Z', '2026-11-29'],
  ])('begins at midnight in %s: %s is in %s', (timeZone, at, day) => {
    expect(dayInTimeZone(timeZone, new Date(at))).toBe(day);
  });
});
