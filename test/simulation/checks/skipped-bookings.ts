import type { Check } from './check.ts';
import { compensationsOf, paymentsOf, refundsOf } from './stored-items.ts';

/** Nobody deletes or rewrites products, balances, orders or coupons in a simulation. */
export const skippedBookings: Check = {
  name: 'skipped-bookings',
  property:
    'Every booking of a capture, a refund and a compensation finds its target, so none is skipped.',
  invariants: [3, 8],
  atEnd: (run) => [
    ...[...paymentsOf(run), ...refundsOf(run)].flatMap(({ paymentId, skipped = [] }) =>
      skipped.map(({ target, outcome }) => `${paymentId} skipped ${target}: ${outcome}`),
    ),
    ...compensationsOf(run)
      .filter(({ outcome }) => outcome === 'target-missing' || outcome === 'target-mismatch')
      .map(({ paymentId, target, outcome }) => `${paymentId} skipped ${target}: ${outcome}`),
  ],
};
