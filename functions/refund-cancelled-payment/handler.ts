import type { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { RejectionError } from '../../shared/domain/errors.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { deriveCancellationRefundId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';

interface Dependencies {
  readonly request: ReturnType<typeof createRequestRefund>;
  readonly clock: Clock;
}

const selection = 'remaining';
const by = 'refund-cancelled-payment';
const requested = 'refund-requested';
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

      return { outcome: replayed ? 'duplicate' : requested, ...ids, refundId };
    } catch (error) {
      if (!(error instanceof RejectionError)) throw error;
      // The buyer has already requested the full refund. If it is rejected, the next delivery requests one.
      if (error.data.code === 'refund-exceeds-captured')
        return { outcome: 'nothing-to-refund', ...ids };
      throw new Error(error.message, { cause: error });
    }
  };

/** Reads the refund of a cancelled payment, and returns the result of the delivery that requested it. */
export const findRequested =
  ({ find }: Pick<RefundRepository, 'find'>) =>
  async ({ data }: DomainEvent<'PaymentCompleted'>): Promise<HandlingResult | undefined> => {
    const { paymentId, orderId, userId } = data;
    const refundId = deriveCancellationRefundId(userId, paymentId);

    return (await find(refundId)) && { outcome: requested, paymentId, orderId, refundId };
  };
