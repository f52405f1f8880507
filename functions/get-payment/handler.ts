import { isDecided } from '../../shared/domain/payments/payment.ts';
import { tagged } from '../../shared/http/etag.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/http-handler.ts';
import type { LongPoll } from '../../shared/http/long-poll.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'ownedBy'>;
  readonly poll: LongPoll;
}

/** The buyer's own payment: as it is, or with `Prefer: wait=N` once it is decided or has another version, within N seconds. */
export const getPayment =
  ({ payments, poll }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const [buyer, id] = [buyerOf(event), pathOf(event, 'paymentId')];
    const { found, headers } = await poll(event, () => payments.ownedBy(buyer, id), isDecided);
    const { paymentId, orderId, version } = found;

    return tagged(event, version, {
      status: 200,
      headers,
      body: paymentBody(found),
      ids: { paymentId, orderId },
    });
  };
