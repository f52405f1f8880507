import { type Schedule, stillDueOf } from '../../shared/domain/timeline/pending-actions.ts';
import { timelineOf } from '../../shared/domain/timeline/timeline.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/http-handler.ts';
import { type Compensations, missingOf } from '../../shared/persistence/compensation-repository.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import { readable } from '../../shared/persistence/readable-items.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';
import type { TimelineBody } from './operation.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'ownedBy'>;
  readonly compensations: Pick<Compensations, 'of'>;
  readonly refunds: Pick<Refunds, 'ofPayment'>;
  readonly timings: Schedule;
}

/** What happened to the buyer's own payment, in order of time, and what is still to happen. */
export const getTimeline =
  ({ payments, compensations, refunds, timings }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const payment = await payments.ownedBy(buyerOf(event), pathOf(event, 'paymentId'));
    const { paymentId, orderId } = payment;
    const [undone, refunded] = await Promise.all([
      compensations.of(paymentId),
      refunds.ofPayment(paymentId),
    ]);
    const entries = timelineOf(payment, {
      compensations: readable('compensations', undone),
      refunds: refunded,
    });
    const missing = missingOf(payment, undone);
    const due = stillDueOf(payment, { refunds: refunded, missing }, timings);

    return {
      status: 200,
      body: { entries, due } satisfies TimelineBody,
      ids: { paymentId, orderId },
    };
  };
