import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/boundary.ts';
import { tagged } from '../../shared/http/conditional.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { preferredWait } from '../../shared/http/prefer.ts';
import { type Dependencies, untilDecided } from './until-decided.ts';

// The function lives for 25 s, and API Gateway waits for 30.
const mostSeconds = 20;

/** The buyer's own payment: as it is, or with `Prefer: wait=N` as soon as it is decided and at the latest after N seconds. */
export const getPayment = (dependencies: Dependencies) => {
  const decided = untilDecided(dependencies);

  return async (event: ApiEvent): Promise<Answer> => {
    const wait = preferredWait(event, mostSeconds);
    const waitMs = (wait ?? 0) * 1_000;
    const payment = await decided(buyerOf(event), pathOf(event, 'paymentId'), waitMs);
    const { paymentId, orderId, version } = payment;

    return tagged(event, version, {
      status: 200,
      headers: { ...(wait !== undefined && { 'preference-applied': `wait=${wait}` }) },
      body: paymentBody(payment),
      ids: { paymentId, orderId },
    });
  };
};
