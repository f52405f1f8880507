import { systemTimers } from '../../config/timers.ts';
import {
  type ChargeLedger,
  largestPageBytes,
  type Movement,
  readPage,
  summed,
  unlisted,
} from '../charge-list.ts';
import { exchange } from '../http-exchange.ts';
import type { StripeGatewayOptions } from './adapter.ts';
import { askStripe } from './client.ts';
import { intentsAnswer } from './protocol.ts';

/**
 * The account's PaymentIntents that carry a reference of ours. By the list, which is complete at once, and not by a search, whose index
 * lags. What was paid back stands on the charge of an intent.
 */
export const stripeLedger = ({
  url,
  secretKey,
  timeoutMs,
  timers = systemTimers,
  pageSize = 100,
}: StripeGatewayOptions & { readonly pageSize?: number }): ChargeLedger => {
  const ask = askStripe({
    url,
    secretKey,
    send: (request) =>
      exchange({ ...request, timeoutMs, largestAnswerBytes: largestPageBytes }, timers),
  });

  const page = async (after: string | undefined) => {
    const told = await ask((stripe) =>
      stripe.paymentIntents.list({
        limit: pageSize,
        expand: ['data.latest_charge'],
        ...(after && { starting_after: after }),
      }),
    );
    if ('outcome' in told) throw unlisted(told.reason);
    if (told.kind === 'refused') throw unlisted(`status ${told.status}`);

    return readPage(told.body, intentsAnswer);
  };

  const movements = async function* (): AsyncIterable<Movement> {
    let after: string | undefined;
    do {
      const { data, has_more } = await page(after);
      for (const { metadata, currency, amount_received: captured, latest_charge } of data) {
        const { reference } = metadata;
        if (reference === undefined) continue;
        const refunded = latest_charge?.amount_refunded ?? 0;
        yield { reference, currency: currency.toUpperCase(), captured, refunded };
      }
      after = has_more ? data.at(-1)?.id : undefined;
      if (has_more && after === undefined) throw unlisted('an empty page that is not the last');
    } while (after !== undefined);
  };

  return { charges: () => summed(movements()) };
};
