import type { Context } from 'aws-lambda';
import type { RequestInquiry } from '../../shared/application/payments/request-inquiry.ts';
import { RejectionError } from '../../shared/domain/errors.ts';
import { paymentIdOfReference } from '../../shared/domain/payments/charge-reference.ts';
import type { FindReference } from '../../shared/gateway/gateway-from-env.ts';
import type { InvalidWebhook, RawWebhook, WebhookReference } from '../../shared/gateway/webhook.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { assertUnambiguousWebhook } from '../../shared/http/read-json.ts';
import { type ApiEvent, rawBodyOf } from '../../shared/http/request.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { ReceivedBody } from './operation.ts';

interface Dependencies {
  readonly read: (raw: RawWebhook) => Promise<WebhookReference | InvalidWebhook>;
  readonly handle: (
    webhook: WebhookReference,
    context: Context,
  ) => Promise<{ readonly value: WebhookResult; readonly replayed: boolean }>;
}

/** Receives a webhook of the gateway. A webhook only triggers an inquiry; its content changes no payment. */
export const receiveWebhook =
  ({ read, handle }: Dependencies) =>
  async (event: ApiEvent, context: Context): Promise<HttpResponse> => {
    const body = rawBodyOf(event);
    const webhook = await read({ headers: event.headers, body });
    if ('refused' in webhook) {
      throw new RejectionError({
        code: 'unauthorized',
        detail: `The webhook is not authentic: check its ${webhook.refused}.`,
        challenge: 'Webhook-Signature',
      });
    }
    assertUnambiguousWebhook(body, webhook.id, webhook.reference);
    const { value, replayed } = await handle(webhook, context);
    const outcome = replayed ? 'duplicate' : value.outcome;

    return {
      status: 200,
      body: { received: true } satisfies ReceivedBody,
      ids: { webhook: webhook.id, ...value, outcome },
    };
  };

interface HandlingDependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly requestInquiry: RequestInquiry;
  /** Finds our reference by the gateway's transaction id; undefined if the charge is not ours. */
  readonly referenceOf: FindReference;
}

/** The result of a webhook, for the log. */
export interface WebhookResult {
  readonly outcome: 'inquiry-requested' | 'not-inquirable' | 'unknown-reference' | 'ignored';
  readonly paymentId?: string;
}

/**
 * Requests an inquiry about the payment that a webhook names. Does not read the status that the webhook
 * reports.
 */
export const handleWebhook =
  ({ payments, requestInquiry, referenceOf }: HandlingDependencies) =>
  async ({ transactionId, ...hint }: WebhookReference): Promise<WebhookResult> => {
    const reference =
      hint.reference ?? (transactionId ? await referenceOf(transactionId) : undefined);
    if (reference === undefined) return { outcome: 'ignored' };
    const payment = await payments.find(paymentIdOfReference(reference));
    if (payment === undefined) return { outcome: 'unknown-reference' };
    const { paymentId } = payment;

    return {
      outcome: (await requestInquiry(payment)) ? 'inquiry-requested' : 'not-inquirable',
      paymentId,
    };
  };
