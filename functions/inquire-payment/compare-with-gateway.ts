import { readGatewayAmounts } from '../../shared/application/payments/read-gateway-amounts.ts';
import type { DifferenceReviews } from '../../shared/application/reviews/difference-reviews.ts';
import type { DisputeReviews } from '../../shared/application/reviews/dispute-reviews.ts';
import {
  gatewayDifferenceOf,
  isConclusive,
  mayBeGatewayLag,
} from '../../shared/domain/reviews/gateway-difference.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import { recordMetric } from '../../shared/observability/metrics.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { GatewayNoResponseError } from './errors.ts';
import type { CompareWithGateway } from './types.ts';

interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire'>;
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'recordComparison'>;
  readonly disputes: DisputeReviews;
  readonly differences: DifferenceReviews;
  readonly clock: Clock;
  readonly timings: Timings;
}

/**
 * Compares the amounts of a final payment at the gateway with the ledger, and opens a review if they differ or if
 * the gateway states a dispute. Never changes the status of the payment. A comparison made while a refund was
 * pending is repeated when the refund has ended.
 *
 * Throws GatewayNoResponseError if the gateway gave no answer, or may not show the last change yet.
 */
export const createCompareWithGateway =
  ({
    gateway,
    payments,
    disputes,
    differences,
    clock,
    timings,
  }: Dependencies): CompareWithGateway =>
  async (before) => {
    const now = clock.now();
    const windowMs = timings.inFlightWindowMs;
    const held = await readGatewayAmounts({ gateway, now, windowMs }, before);
    if ('unclear' in held) throw new GatewayNoResponseError(`comparison: ${held.unclear}`);
    const after = await payments.getOrThrow(before.paymentId);
    const difference = gatewayDifferenceOf({ ...held, before, after });
    if (difference && mayBeGatewayLag(difference, after, { now, windowMs })) {
      throw new GatewayNoResponseError(
        'comparison: the gateway may not show the last capture or refund yet',
      );
    }
    const at = now.toISOString();
    const disputed = await disputes.record(after, held.dispute, { at: now, by });
    if (disputed === 'version-conflict') throw conflictError();
    const { outcome, payment } = await differences.record(disputed, difference, { at, by });
    if (outcome === 'version-conflict') throw conflictError();
    if (outcome === 'review-opened') recordMetric('GatewayDifferences', 1, {});
    const isFinal = isConclusive({ before, after });
    const isRecorded = await payments.recordComparison(payment, at, isFinal);
    // No other step would repeat the comparison.
    if (!isRecorded && !isFinal) throw conflictError();

    return outcome;
  };

const by = 'inquire-payment';

const conflictError = () => new GatewayNoResponseError('comparison: version conflict');
