import { expect, it } from 'vitest';
import { matchesPattern } from '../../support/cdk/deployment/event-pattern.ts';

const event = {
  source: 'aftercommit.payments',
  'detail-type': 'PaymentCompleted',
  detail: { data: { paymentId: 'pay_1', couponId: 'c-1' } },
};

it.each([
  [{ source: ['aftercommit.payments'] }, true],
  [{ source: ['another'] }, false],
  [{ 'detail-type': ['PaymentFailed', 'PaymentCompleted'] }, true],
  [{ source: ['aftercommit.payments'], 'detail-type': ['PaymentFailed'] }, false],
  [{ detail: { data: { couponId: [{ exists: true }] } } }, true],
  [{ detail: { data: { couponId: [{ exists: false }] } } }, false],
  [{ detail: { data: { cancelRequestedAt: [{ exists: true }] } } }, false],
  [{ detail: { data: { couponId: [{ 'anything-but': ['c-2'] }] } } }, true],
  [{ detail: { data: { couponId: [{ 'anything-but': ['c-2', 'c-1'] }] } } }, false],
  [{ detail: { data: { userId: [{ 'anything-but': ['c-2'] }] } } }, false],
  [{ detail: { metadata: { any: [{ exists: false }] } } }, true],
])('matches pattern %j: %s', (pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

it('throws for an unsupported kind of pattern', () => {
  expect(() => matchesPattern({ source: [{ prefix: 'after' }] }, event)).toThrow('prefix');
});
