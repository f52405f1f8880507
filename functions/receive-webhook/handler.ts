import type { Context } from 'aws-lambda';
import { Refusal } from '../../shared/domain/errors.ts';
import type { Hint, RawWebhook, RefusedWebhook } from '../../shared/gateway/webhook.ts';
import { type Answer, type ApiEvent, rawBodyOf } from '../../shared/http/http-handler.ts';
import { refuseAmbiguousWebhook } from '../../shared/http/read-json.ts';
import type { Heard } from './handle-webhook.ts';
import type { ReceivedBody } from './operation.ts';

interface Dependencies {
  readonly read: (raw: RawWebhook) => Promise<Hint | RefusedWebhook>;
  readonly hear: (
    hint: Hint,
    context: Context,
  ) => Promise<{ readonly value: Heard; readonly replayed: boolean }>;
}

/** Takes a webhook of the PG, which is a reason to ask and nothing more. */
export const receiveWebhook =
  ({ read, hear }: Dependencies) =>
  async (event: ApiEvent, context: Context): Promise<Answer> => {
    const body = rawBodyOf(event);
    const hint = await read({ headers: event.headers, body });
    if ('refused' in hint) {
      throw new Refusal({
        code: 'unauthorized',
        detail: `It is not the gateway's: look at its ${hint.refused}.`,
        challenge: 'Webhook-Signature',
      });
    }
    refuseAmbiguousWebhook(body, hint.id, hint.reference);
    const { value, replayed } = await hear(hint, context);
    const outcome = replayed ? 'heard before' : value.outcome;

    return {
      status: 200,
      body: { received: true } satisfies ReceivedBody,
      ids: { webhook: hint.id, ...value, outcome },
    };
  };
