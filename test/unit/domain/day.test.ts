import { describe, expect, it } from 'vitest';
import { dayInTimeZone } from '../../../shared/domain/day.ts';

describe('a day of a shop', () => {
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
