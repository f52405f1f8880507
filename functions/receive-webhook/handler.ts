import type { Context } from 'aws-lambda';
import { RejectionError } from '../../shared/domain/errors.ts';
import type { InvalidWebhook, RawWebhook, WebhookReference } from '../../shared/gateway/webhook.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { assertUnambiguousWebhook } from '../../shared/http/read-json.ts';
import { type ApiEvent, rawBodyOf } from '../../shared/http/request.ts';
import type { WebhookResult } from './handle-webhook.ts';
import type { ReceivedBody } from './operation.ts';

interface Dependencies {
  readonly read: (raw: RawWebhook) => Promise<WebhookReference | InvalidWebhook>;
  readonly handle: (
    webhook: WebhookReference,
    context: Context,
  ) => Promise<{ readonly value: WebhookResult; readonly replayed: boolean }>;
}

/** Takes a webhook of the PG, which is a reason to ask and nothing more. */
export const receiveWebhook =
  ({ read, handle }: Dependencies) =>
  async (event: ApiEvent, context: Context): Promise<HttpResponse> => {
    const body = rawBodyOf(event);
    const webhook = await read({ headers: event.headers, body });
    if ('refused' in webhook) {
      throw new RejectionError({
        code: 'unauthorized',
        detail: `It is not the gateway's: look at its ${webhook.refused}.`,
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
