import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { RejectionError } from '../../shared/domain/errors.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { deriveCancellationRefundId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';

interface Dependencies {
  readonly request: ReturnType<typeof createRequestRefund>;
  readonly clock: Clock;
}

const selection = 'remaining';
const by = 'refund-cancelled-payment';
const reason = 'The payment was cancelled before it was known to be charged.';

/** Requests one full refund of a payment that was captured although its buyer had cancelled it. */
export const refundCancelledPayment =
  ({ request, clock }: Dependencies) =>
  async ({ data, traceparent }: DomainEvent<'PaymentCompleted'>): Promise<HandlingResult> => {
    const { paymentId, orderId, userId, cancelRequestedAt } = data;
    const ids = { paymentId, orderId };
    if (cancelRequestedAt === undefined) return { outcome: 'not-cancelled', ...ids };
    const refundId = deriveCancellationRefundId(userId, paymentId);
    const own = {
      refundId,
      selection,
      reason,
      traceparent,
      isForCancellation: true,
    } as const;
    const command = { ...own, userId, paymentId, by };
    try {
      const requestHash = requestHashOf(selection);
      const { replayed } = await request({ ...command, requestHash }, clock.now());

      return { outcome: 'refund-requested', replayed, ...ids, refundId };
    } catch (error) {
      if (!(error instanceof RejectionError)) throw error;
      // The buyer has already requested the full refund.
      if (error.data.code === 'refund-exceeds-captured')
        return { outcome: 'nothing-to-refund', ...ids };
      throw new Error(error.message, { cause: error });
    }
  };
