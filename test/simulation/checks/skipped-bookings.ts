import type { Check } from './check.ts';
import { isDamaged, skippedBookingsOf } from './damage.ts';

export const skippedBookings: Check = {
  name: 'skipped-bookings',
  property:
    'A booking of a capture, a refund or a compensation is skipped only if another system has deleted its item or made it invalid.',
  invariants: [3, 8],
  atEnd: (run) =>
    skippedBookingsOf(run)
      .filter(({ target }) => !isDamaged(run, target))
      .map(({ paymentId, target, outcome }) => `${paymentId} skipped ${target}: ${outcome}`),
};
