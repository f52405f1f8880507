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
  /** The connection pool: a transaction holds a connection from its first statement to its commit. */
  readonly connections: Semaphore;
  readonly sendToDataPlatform: NotifySystem;
  readonly notify: NotifySystem;
  readonly countSale: CountSale;
  readonly clock: Clock;
}

/**
 * Section 3.1 of the brief: order, balance, payment, stock, data platform, ranking and notification in one
 * transaction, which stays open during the calls to the two external systems. The balance pays all; there is
 * no charge.
 *
 * DynamoDB has no open transactions. Two short ones replace it: the reservation for its row locks, the
 * settlement for its commit. The cost of rows locked for seconds is not included.
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
        // The external systems may have received it anyway: this is the flaw that the brief describes.
        const failed = rollBack(claimed, clock.now(), cause);
        await compensate(reserved, failed);

        return failed;
      }
      const written = await settle(reserved, completed);
      if (written !== 'written')
        throw new ServiceUnavailableError(`${completed.paymentId} was ${written}.`);
      await outside.countSale(completed);

      return completed;
    });

const rollBack = (claimed: Payment, at: Date, cause: unknown): Payment =>
  transitionPayment(claimed, 'declined', {
    at,
    by: actor,
    detail: `rolled back: ${cause}`,
    change: { failure: { code: 'rolled-back', reason: 'An external system did not respond.' } },
  });
