import type { Compensations } from '../../shared/data/compensations.ts';
import { anyonesPayment, type Payments } from '../../shared/data/payments.ts';
import type { Refunds } from '../../shared/data/refunds.ts';
import type { TracesOf } from '../../shared/data/traces.ts';
import type { Schedule } from '../../shared/domain/still-due.ts';
import { type Answer, type ApiEvent, operatorOf, pathOf } from '../../shared/http/boundary.ts';
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
