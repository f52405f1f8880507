import {
  type NextActionOptions,
  nextActionOf,
} from '../../shared/application/payments/next-action.ts';
import { endsWait } from '../../shared/domain/payments/buyer-status.ts';
import { quietUntil } from '../../shared/domain/payments/inquiry-schedule.ts';
import { withETag } from '../../shared/http/etag.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { hasPreference, type LongPoll } from '../../shared/http/long-poll.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { type ApiEvent, buyerOf, parsePathParameter } from '../../shared/http/request.ts';
import type { PaymentBody } from '../../shared/http/schemas/payment.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

interface Dependencies extends NextActionOptions {
  readonly payments: Pick<PaymentRepository, 'getOwned'>;
  readonly poll: LongPoll;
}

/**
 * Returns the buyer's own payment. With `Prefer: wait=N`, waits up to N seconds until it is final, needs its
 * buyer, or has another version. With `released`, a failed payment ends the wait once it is released. Does not wait
 * for an outcome that is not expected in that time.
 */
export const getPayment =
  ({ payments, poll, ...options }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const [buyer, id] = [buyerOf(event), parsePathParameter(event, 'paymentId')];
    const released = hasPreference(event, 'released');
    const { found, headers } = await poll(event, () => payments.getOwned(buyer, id), {
      isFinal: (payment) => endsWait(payment, { released }),
      quietUntil,
      respected: released ? ['released'] : [],
    });
    const { paymentId, orderId, version } = found;
    const nextAction = nextActionOf(found, options);

    return withETag(event, version, {
      status: 200,
      headers,
      body: { ...paymentBody(found), ...(nextAction && { nextAction }) } satisfies PaymentBody,
      ids: { paymentId, orderId },
    });
  };
