import type { AcceptPaymentRequest } from '../../../functions/accept-payment/request.ts';
import type { createCapturePayment } from '../../../shared/application/payments/capture-payment.ts';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import type { Semaphore } from '../semaphore.ts';
import type { Compensate } from './compensate.ts';
import type { CountSale, NotifySystem } from './consumers.ts';
import { actor, claimForCharge, type Reserve } from './reserve.ts';

interface Dependencies {
  readonly reserve: Reserve;
  readonly settle: ReturnType<typeof createCapturePayment>;
  readonly compensate: Compensate;
  /** The pool of the database: a transaction holds one of them from its first statement to its commit. */
  readonly connections: Semaphore;
  readonly sendToDataPlatform: NotifySystem;
  readonly notify: NotifySystem;
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
  ({ reserve, settle, compensate, connections, clock, ...outside }: Dependencies) =>
  (request: AcceptPaymentRequest): Promise<Payment> =>
    connections.run(async () => {
      const reserved = await reserve(request);
      if (reserved.status !== 'RESERVED') return reserved;

      const claimed = claimForCharge(reserved, clock.now());
      const completed = transitionPayment(claimed, 'captured', { at: clock.now(), by: actor });
      try {
        await outside.sendToDataPlatform(completed);
        await outside.notify(completed);
      } catch (cause) {
        // The systems outside may have heard of it all the same: that is what the brief complains about.
        const failed = rollBack(claimed, clock.now(), cause);
        await compensate(reserved, failed);

        return failed;
      }
      const written = await settle(reserved, completed);
      if (written !== 'settled')
        throw new ServiceUnavailableError(`${completed.paymentId} was ${written}.`);
      await outside.countSale(completed);

      return completed;
    });

const rollBack = (claimed: Payment, at: Date, cause: unknown): Payment =>
  transitionPayment(claimed, 'declined', {
    at,
    by: actor,
    detail: `rolled back: ${cause}`,
    change: { failure: { code: 'rolled-back', reason: 'A system outside did not answer.' } },
  });
