import type { AcceptRequest } from '../../../functions/accept-payment/request.ts';
import type { settleIn } from '../../../shared/application/payments/capture-payment.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { Outage } from '../../../shared/domain/errors.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { advance } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Slots } from '../semaphore.ts';
import type { GiveBack } from './compensate.ts';
import type { CountSale, Tell } from './consumers.ts';
import { beingCharged, by, type Reserve } from './reserve.ts';

interface Dependencies {
  readonly reserve: Reserve;
  readonly settle: ReturnType<typeof settleIn>;
  readonly giveBack: GiveBack;
  /** The pool of the database: a transaction holds one of them from its first statement to its commit. */
  readonly connections: Slots;
  readonly tellDataPlatform: Tell;
  readonly notify: Tell;
  readonly countSale: CountSale;
  readonly clock: Clock;
}

/**
 * Section 3.1 of the brief: order, balance, payment, stock, data platform, ranking and notification in one transaction that is held open
 * over the two systems outside. The wallet pays; no PG is asked.
 *
 * DynamoDB has no transaction that stays open. Two short ones stand at its ends: the reservation for the rows that it locks, the
 * settlement for its commit. What it would lose besides, rows locked for seconds against everybody else, is not charged to it here.
 */
export const payInOneTransaction =
  ({ reserve, settle, giveBack, connections, clock, ...outside }: Dependencies) =>
  (request: AcceptRequest): Promise<Payment> =>
    connections.run(async () => {
      const reserved = await reserve(request);
      if (reserved.status !== 'RESERVED') return reserved;

      const begun = beingCharged(reserved, clock.now());
      const completed = advance(begun, 'captured', { at: clock.now(), by });
      try {
        await outside.tellDataPlatform(completed);
        await outside.notify(completed);
      } catch (cause) {
        // The systems outside may have heard of it all the same: that is what the brief complains about.
        const failed = rolledBack(begun, clock.now(), cause);
        await giveBack(reserved, failed);

        return failed;
      }
      const written = await settle(reserved, completed);
      if (written !== 'settled') throw new Outage(`${completed.paymentId} was ${written}.`);
      await outside.countSale(completed);

      return completed;
    });

const rolledBack = (begun: Payment, at: Date, cause: unknown): Payment =>
  advance(begun, 'declined', {
    at,
    by,
    detail: `rolled back: ${cause}`,
    change: { failure: { code: 'rolled-back', reason: 'A system outside did not answer.' } },
  });
