import { systemTimers } from '../../config/timers.ts';
import {
  type ChargeEntry,
  type ChargeList,
  incompleteListError,
  maxPageBytes,
  parsePageBody,
  sumByReference,
} from '../charge-list.ts';
import { exchange } from '../http-exchange.ts';
import type { StripeGatewayOptions } from './adapter.ts';
import { createStripeCaller } from './client.ts';
import { intentListResponse } from './protocol.ts';

/**
 * The account's PaymentIntents that carry a reference of ours. By the list, which is complete at once, and not by a search, whose index
 * lags. What was paid back stands on the charge of an intent.
 */
export const createStripeChargeList = ({
  url,
  secretKey,
  timeoutMs,
  timers = systemTimers,
  pageSize = 100,
}: StripeGatewayOptions & { readonly pageSize?: number }): ChargeList => {
  const callStripe = createStripeCaller({
    url,
    secretKey,
    send: (request) => exchange({ ...request, timeoutMs, maxResponseBytes: maxPageBytes }, timers),
  });

  const fetchPage = async (after: string | undefined) => {
    const response = await callStripe((stripe) =>
      stripe.paymentIntents.list({
        limit: pageSize,
        expand: ['data.latest_charge'],
        ...(after && { starting_after: after }),
      }),
    );
    if ('outcome' in response) throw incompleteListError(response.reason);
    if (response.kind === 'refused') throw incompleteListError(`status ${response.status}`);

    return parsePageBody(response.body, intentListResponse);
  };

  const entries = async function* (): AsyncIterable<ChargeEntry> {
    let after: string | undefined;
    do {
      const { data, has_more } = await fetchPage(after);
      for (const { metadata, currency, amount_received: captured, latest_charge } of data) {
        const { reference } = metadata;
        if (reference === undefined) continue;
        const refunded = latest_charge?.amount_refunded ?? 0;
        yield { reference, currency: currency.toUpperCase(), captured, refunded };
      }
      after = has_more ? data.at(-1)?.id : undefined;
      if (has_more && after === undefined)
        throw incompleteListError('an empty page that is not the last');
    } while (after !== undefined);
  };

  return { charges: () => sumByReference(entries()) };
};
