import { heldAtGateway } from '../../shared/application/payments/read-gateway-amounts.ts';
import type {
  Compared,
  DifferenceReviews,
} from '../../shared/application/reviews/difference-reviews.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import {
  differenceOf,
  isConclusive,
  mayBeLate,
} from '../../shared/domain/reviews/gateway-difference.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import { measure } from '../../shared/observability/metrics.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import { Unanswered } from './errors.ts';

interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire'>;
  readonly payments: Pick<Payments, 'existing' | 'compared'>;
  readonly differences: DifferenceReviews;
  readonly clock: Clock;
  readonly timings: Timings;
}

export type Compare = (payment: Payment) => Promise<Compared>;

/**
 * Compares what the gateway holds of a payment that has ended with what the books say of it, and has a person look where they differ. The
 * payment itself never moves by it. What was compared while a refund of ours was under way is compared again when that has ended. Throws
 * Unanswered where the gateway gave no answer, or may only be late with it.
 */
export const compareWith =
  ({ gateway, payments, differences, clock, timings }: Dependencies): Compare =>
  async (before) => {
    const now = clock.now();
    const windowMs = timings.inFlightWindowMs;
    const held = await heldAtGateway({ gateway, now, windowMs }, before);
    if ('unclear' in held) throw new Unanswered(`compared: ${held.unclear}`);
    const after = await payments.existing(before.paymentId);
    const difference = differenceOf({ ...held, before, after });
    if (difference && mayBeLate(difference, after, { now, windowMs })) {
      throw new Unanswered('compared: the gateway may not show the last capture or refund yet');
    }
    const at = now.toISOString();
    const outcome = await differences.record(after, difference, { at, by: 'inquire-payment' });
    if (outcome === 'overtaken') throw overtaken();
    if (outcome === 'review opened') measure('GatewayDifferences', 1, {});
    const isFinal = isConclusive({ before, after });
    const isNoted = await payments.compared(after, at, isFinal);
    // Nothing else would have it compared again.
    if (!isNoted && !isFinal) throw overtaken();

    return outcome;
  };

const overtaken = () => new Unanswered('compared: the payment moved meanwhile');
