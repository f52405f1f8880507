import { cancelRefundIdOf, requestHashOf } from '../../shared/data/keys.ts';
import type { requestRefundIn } from '../../shared/data/request-refund.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { Refusal } from '../../shared/domain/errors.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';

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
    const asked = { refundId, userId, paymentId, wish, reason, by, traceparent } as const;
    try {
      await request({ ...asked, requestHash: requestHashOf(wish) }, clock.now());

      return { outcome: 'refund requested', ...ids, refundId };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The buyer was faster and asked for all of it.
      if (error.data.code === 'refund-exceeds-captured')
        return { outcome: 'nothing is left', ...ids };
      // Kept as an answer, any other refusal would be one for a day.
      throw new Error(error.message, { cause: error });
    }
  };
