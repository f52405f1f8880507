import type { Clock } from '../../shared/domain/clock.ts';
import { Outage } from '../../shared/domain/errors.ts';
import { cancelling } from '../../shared/domain/payments/cancellation.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { PaymentBody } from '../../shared/http/schemas/payment.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { CancelRequest } from './request.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'ownedBy' | 'moved' | 'noteCancel'>;
  readonly clock: Clock;
}

export interface CancelOutcome {
  readonly payment: PaymentBody;
  readonly replayed: boolean;
}

/** A payment moves a few times at most before nothing more can come in between. */
const mostTries = 10;

/** Cancels the buyer's own payment, or notes that it is to be refunded once it is captured: one of the two, whoever claims it meanwhile. */
export const cancelPayment =
  ({ payments, clock }: Dependencies) =>
  async ({ buyer, paymentId, body }: CancelRequest): Promise<CancelOutcome> => {
    for (let tried = 1; tried <= mostTries; tried += 1) {
      const at = clock.now();
      const payment = await payments.ownedBy(buyer, paymentId);
      const cancel = cancelling(payment, at, body?.reason);
      if (cancel === 'done before') return { payment: paymentBody(payment), replayed: true };
      const after = cancel === 'noted' ? payment : cancel.after;
      const isDone =
        cancel === 'noted'
          ? await payments.noteCancel(payment, { at: at.toISOString(), reason: body?.reason })
          : await payments.moved(payment, after);
      if (isDone) return { payment: paymentBody(after), replayed: false };
    }
    throw new Outage(`Payment ${paymentId} moves too often.`);
  };
