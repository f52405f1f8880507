import type { Compensations } from '../../shared/data/compensations.ts';
import type { Payments } from '../../shared/data/payments.ts';
import { timelineOf } from '../../shared/domain/timeline.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/boundary.ts';
import type { TimelineBody } from './operation.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'ownedBy'>;
  readonly compensations: Pick<Compensations, 'of'>;
}

/** What happened to the buyer's own payment, in order of time. */
export const getTimeline =
  ({ payments, compensations }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const payment = await payments.ownedBy(buyerOf(event), pathOf(event, 'paymentId'));
    const { paymentId, orderId } = payment;
    const entries = timelineOf(payment, await compensations.of(paymentId));

    return { status: 200, body: { entries } satisfies TimelineBody, ids: { paymentId, orderId } };
  };
