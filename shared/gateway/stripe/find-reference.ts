import { ServiceUnavailableError } from '../../domain/errors.ts';
import { withDeadline } from '../deadline.ts';
import type { StripeGatewayOptions } from './adapter.ts';
import { createStripeCaller } from './client.ts';
import { intentResponse } from './protocol.ts';

/**
 * Reads our reference from the metadata of a PaymentIntent, because Stripe's refunds and disputes name only
 * the intent. Returns undefined if the intent is not ours; throws a ServiceUnavailableError if Stripe does
 * not answer.
 */
export const createStripeReferenceFinder =
  ({ url, secretKey, ...deadline }: StripeGatewayOptions) =>
  async (transactionId: string): Promise<string | undefined> => {
    const callStripe = createStripeCaller({
      url,
      secretKey,
      send: withDeadline(deadline),
    });
    const response = await callStripe((stripe) => stripe.paymentIntents.retrieve(transactionId));
    if ('outcome' in response) throw unavailableError(response.reason);
    if (response.kind === 'rejected') {
      if (response.status === 404 && response.code === 'resource_missing') return undefined;
      throw unavailableError(`status ${response.status}`);
    }
    const { data: intent } = intentResponse.safeParse(response.body);
    if (intent === undefined) throw unavailableError('unexpected response format');

    return intent.metadata.reference;
  };

const unavailableError = (reason: string) =>
  new ServiceUnavailableError(`The gateway could not resolve the charge of a webhook: ${reason}.`);
