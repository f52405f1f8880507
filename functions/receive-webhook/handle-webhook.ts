import type { AskPg } from '../../shared/application/payments/request-inquiry.ts';
import type { FindReference } from '../../shared/gateway/gateway-from-env.ts';
import type { Hint } from '../../shared/gateway/webhook.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'find'>;
  readonly askPgNow: AskPg;
  /** Our reference of a charge that the gateway names by its own id; undefined where it is none of ours. */
  readonly referenceOf: FindReference;
}

/** What a webhook has led to, for the log. */
export interface Heard {
  readonly outcome: 'asked' | 'nothing to ask' | 'unknown reference' | 'of no concern';
  readonly paymentId?: string;
}

/** Has the PG asked about the payment that a webhook names; what it says of it is not even read. */
export const hear =
  ({ payments, askPgNow, referenceOf }: Dependencies) =>
  async ({ transactionId, ...hint }: Hint): Promise<Heard> => {
    const reference =
      hint.reference ?? (transactionId ? await referenceOf(transactionId) : undefined);
    if (reference === undefined) return { outcome: 'of no concern' };
    const payment = await payments.find(reference);
    if (payment === undefined) return { outcome: 'unknown reference' };
    const { paymentId } = payment;

    return { outcome: (await askPgNow(payment)) ? 'asked' : 'nothing to ask', paymentId };
  };
