import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import type { FindReference } from '../../shared/gateway/gateway-from-env.ts';
import type { WebhookReference } from '../../shared/gateway/webhook.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly requestInquiry: RequestInquiry;
  /** Our reference of a charge that the gateway names by its own id; undefined where it is none of ours. */
  readonly referenceOf: FindReference;
}

/** What a webhook has led to, for the log. */
export interface WebhookResult {
  readonly outcome: 'inquiry-requested' | 'not-inquirable' | 'unknown-reference' | 'ignored';
  readonly paymentId?: string;
}

/** Has the PG asked about the payment that a webhook names; what it says of it is not even read. */
export const handleWebhook =
  ({ payments, requestInquiry, referenceOf }: Dependencies) =>
  async ({ transactionId, ...hint }: WebhookReference): Promise<WebhookResult> => {
    const reference =
      hint.reference ?? (transactionId ? await referenceOf(transactionId) : undefined);
    if (reference === undefined) return { outcome: 'ignored' };
    const payment = await payments.find(reference);
    if (payment === undefined) return { outcome: 'unknown-reference' };
    const { paymentId } = payment;

    return {
      outcome: (await requestInquiry(payment)) ? 'inquiry-requested' : 'not-inquirable',
      paymentId,
    };
  };
