import { describe, expect, it } from 'vitest';
import { inquiryRetryMs } from '../../../../shared/domain/payments/buyer-action.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { noon } from '../../../support/builders/builders.ts';

const minute = 60_000;
const at = (minutes: number) => new Date(noon.getTime() + minutes * minute);

/** A payment that waits for its buyer since noon, for a quarter of an hour. */
const waiting = {
  status: 'REQUIRES_ACTION',
  updatedAt: noon.toISOString(),
  action: { type: 'redirect', url: 'https://bank.example', expiresAt: at(15).toISOString() },
  cancelRequestedAt: undefined,
} as const;

const retryAfter = (minutes: number, given: object = {}) =>
  inquiryRetryMs({ ...waiting, ...given }, at(minutes), timings.cloud) / minute;

describe('the delay after an inquiry that the gateway did not answer', () => {
  it('is half the time since the payment last changed', () => {
    expect(retryAfter(6)).toBe(3);
    expect(retryAfter(6, { status: 'UNKNOWN' })).toBe(3);
  });

  it('ends at the limit of the buyer', () => {
    expect(retryAfter(12)).toBe(3);
    expect(retryAfter(14)).toBe(1);
  });

  it('is within the grace of the sweeper once the buyer may no longer act', () => {
    expect(retryAfter(37)).toBe(5);
    expect(retryAfter(12, { cancelRequestedAt: at(1).toISOString() })).toBe(5);
    expect(retryAfter(4, { cancelRequestedAt: at(1).toISOString() })).toBe(2);
  });

  it('grows to the longest redelivery backoff for an unknown outcome', () => {
    expect(retryAfter(37, { status: 'UNKNOWN' })).toBe(15);
  });
});
