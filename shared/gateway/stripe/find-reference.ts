import { systemTimers } from '../../config/timers.ts';
import { Outage } from '../../domain/errors.ts';
import { within } from '../deadline.ts';
import type { StripeGatewayOptions } from './adapter.ts';
import { askStripe } from './client.ts';
import { intentAnswer } from './protocol.ts';

/**
 * The reference in the metadata of a PaymentIntent: what Stripe's refunds and disputes name is the intent. Undefined where it is none of
 * ours; throws an Outage where Stripe cannot say now.
 */
export const stripeReference =
  ({ url, secretKey, timeoutMs, timers = systemTimers }: StripeGatewayOptions) =>
  async (transactionId: string): Promise<string | undefined> => {
    const ask = askStripe({ url, secretKey, send: within(timeoutMs, timers) });
    const told = await ask((stripe) => stripe.paymentIntents.retrieve(transactionId));
    if ('outcome' in told) throw unavailable(told.reason);
    if (told.kind === 'refused') {
      if (told.status === 404 && told.code === 'resource_missing') return undefined;
      throw unavailable(`status ${told.status}`);
    }
    const { data: intent } = intentAnswer.safeParse(told.body);
    if (intent === undefined) throw unavailable('an answer of another shape');

    return intent.metadata.reference;
  };

const unavailable = (reason: string) =>
  new Outage(`The gateway did not say what a webhook is about: ${reason}.`);
