import type { AskPg } from '../../shared/application/payments/request-inquiry.ts';
import {
  type Answer,
  type ApiEvent,
  emptyBody,
  operatorOf,
  optionalBodyOf,
  pathOf,
} from '../../shared/http/http-handler.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { anyonesPayment, type Payments } from '../../shared/persistence/payment-repository.ts';
import type { InquiredBody } from './operation.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'find'>;
  readonly askPgNow: AskPg;
}

/** Has the PG asked about a payment; `asked` is false where nothing of it was ever sent. */
export const inquireNow =
  ({ payments, askPgNow }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const operator = operatorOf(event);
    const paymentId = pathOf(event, 'paymentId');
    optionalBodyOf(emptyBody, event);
    const payment = await anyonesPayment(payments, paymentId);
    const asked = await askPgNow(payment);

    return {
      status: 202,
      headers: { 'retry-after': '1' },
      body: { ...paymentBody(payment), asked } satisfies InquiredBody,
      ids: { paymentId, orderId: payment.orderId, operator, asked: `${asked}` },
    };
  };
