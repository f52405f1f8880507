import type { Schedule } from '../../shared/domain/timeline/pending-actions.ts';
import { type Answer, type ApiEvent, operatorOf, pathOf } from '../../shared/http/http-handler.ts';
import type { Compensations } from '../../shared/persistence/compensation-repository.ts';
import type { TracesOf } from '../../shared/persistence/consumer-status.ts';
import { anyonesPayment, type Payments } from '../../shared/persistence/payment-repository.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';
import { explanationBody } from './body.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'find'>;
  readonly compensations: Pick<Compensations, 'of'>;
  readonly refunds: Pick<Refunds, 'ofPayment'>;
  readonly traces: TracesOf;
  readonly timings: Schedule;
}

/** The whole story of any payment, for those who run the service. */
export const explainPayment =
  ({ payments, compensations, refunds, traces, timings }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const operator = operatorOf(event);
    const paymentId = pathOf(event, 'paymentId');
    const payment = await anyonesPayment(payments, paymentId);
    const [undone, refunded] = await Promise.all([
      compensations.of(paymentId),
      refunds.ofPayment(paymentId),
    ]);
    const records = { compensations: undone, refunds: refunded };
    const body = explanationBody(payment, records, await traces.of(payment, refunded), timings);

    return { status: 200, body, ids: { paymentId, orderId: payment.orderId, operator } };
  };
