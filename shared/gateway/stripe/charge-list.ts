import {
  type ChargeEntry,
  type ChargeList,
  incompleteListError,
  maxPageBytes,
  paginate,
  parsePageBody,
  sumByReference,
} from '../charge-list.ts';
import type { StripeGatewayOptions } from './adapter.ts';
import { createStripeCaller } from './client.ts';
import { intentListResponse, type ListedIntent } from './protocol.ts';

/**
 * Lists the PaymentIntents of the account that carry a reference of ours. Uses the list, which is always
 * complete, not the search, whose index lags. The charge of an intent has the refunded amount.
 */
export const createStripeChargeList = ({
  url,
  secretKey,
  timeoutMs,
  timers,
  exchange,
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
    if (response.kind === 'rejected') throw incompleteListError(`status ${response.status}`);

    const { data, has_more } = parsePageBody(response.body, intentListResponse);
    const next = has_more ? data.at(-1)?.id : undefined;
    if (has_more && next === undefined) throw incompleteListError('empty page before the last one');

    return { items: data.flatMap(entriesOf), next };
  };

  return { charges: () => sumByReference(paginate(fetchPage)) };
};

const entriesOf = (intent: ListedIntent): readonly ChargeEntry[] => {
  const { metadata, currency, amount_received: captured, latest_charge } = intent;
  const { reference } = metadata;
  if (reference === undefined) return [];
  const refunded = latest_charge?.amount_refunded ?? 0;

  return [{ reference, currency: currency.toUpperCase(), captured, refunded }];
};
