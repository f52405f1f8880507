import type { requestRefundIn } from '../../shared/application/refunds/request-refund.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { Refusal } from '../../shared/domain/errors.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { cancelRefundIdOf, requestHashOf } from '../../shared/domain/ids.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';

interface Dependencies {
  readonly request: ReturnType<typeof requestRefundIn>;
  readonly clock: Clock;
}

const wish = 'rest';
const by = 'refund-cancelled';
const reason = 'The buyer cancelled the payment before it was known to be charged.';

/** Asks for a refund of all that is left of a payment that was charged although its buyer had cancelled it, once. */
export const refundCancelled =
  ({ request, clock }: Dependencies) =>
  async ({ data, traceparent }: DomainEvent<'PaymentCompleted'>): Promise<Done> => {
    const { paymentId, orderId, userId, cancelRequestedAt } = data;
    const ids = { paymentId, orderId };
    if (cancelRequestedAt === undefined) return { outcome: 'not cancelled', ...ids };
    const refundId = cancelRefundIdOf(userId, paymentId);
    const own = { refundId, wish, reason, traceparent, isOfCancel: true } as const;
    const asked = { ...own, userId, paymentId, by };
    try {
      const requestHash = requestHashOf(wish);
      const { replayed } = await request({ ...asked, requestHash }, clock.now());

      return { outcome: 'refund requested', replayed, ...ids, refundId };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The buyer was faster and asked for all of it.
      if (error.data.code === 'refund-exceeds-captured')
        return { outcome: 'nothing is left', ...ids };
      throw new Error(error.message, { cause: error });
    }
  };
