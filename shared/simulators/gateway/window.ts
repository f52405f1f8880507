import { windowRequest } from '../../gateway/simulator/protocol.ts';
import { html, type Markup, pageReply, redirectReply } from '../html-page.ts';
import type { PlainRequest, PlainResponse } from '../plain-http.ts';
import type { Behaviour } from './behaviours.ts';
import { describeAmount, invalidPage } from './pages.ts';
import { type WindowOrder, windowTokenOf } from './window-token.ts';

/** The payment methods that the window offers, as the buyer reads them. A request may name any other too. */
const offers: readonly (readonly [paymentMethod: string, label: string])[] = [
  ['sim_approve', 'A card that is approved'],
  ['sim_challenge', 'A card that asks for authentication'],
  ['sim_decline', 'A card with insufficient funds'],
  ['sim_decline_expired_card', 'An expired card'],
  ['sim_decline_limit', 'A card over its limit'],
  ['sim_decline_try_later', 'A card whose bank is not available'],
  ['sim_approve_slow', 'A card whose bank answers slowly'],
  ['sim_in_progress', 'An account that pays a little later'],
  ['sim_timeout_after_effect', 'A card that is charged without an answer'],
];

/** `GET /window`: the form in which a buyer selects how to pay one order. */
export const showWindow = ({ query }: Pick<PlainRequest, 'query'>): PlainResponse => {
  const { data, error } = windowRequest.safeParse(query);
  if (error) return invalidPage(error);
  const { reference, returnUrl } = data;
  const { currency, amount } = query;

  return pageReply({
    title: `Pay ${describeAmount(data)}`,
    returnUrl,
    body: html`<p>Order <code>${reference}</code>. This window belongs to a simulated gateway: no money moves.</p>
<form method="post" action="window">
${hiddenFields({ reference, amount, currency, returnUrl })}
<fieldset>
<legend>Payment method</legend>
${offers.map(offerField)}
</fieldset>
<button type="submit" name="action" value="pay">Pay</button>
<button type="submit" name="action" value="cancel">Cancel</button>
</form>`,
  });
};

const hiddenFields = (fields: Readonly<Record<string, string | undefined>>): Markup[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">\n`],
  );

const offerField = ([paymentMethod, label]: (typeof offers)[number], at: number): Markup =>
  html`<label><input type="radio" name="paymentMethod" value="${paymentMethod}"${
    at === 0 ? { markup: ' checked' } : ''
  }> ${label}</label>\n`;

/**
 * `POST /window`: sends the browser back with a payment method for this order alone, or with `cancelled`. Without a
 * `returnUrl` the page shows the payment method.
 */
export const submitWindow = (
  { body }: Pick<PlainRequest, 'body'>,
  behaviours: ReadonlyMap<string, Behaviour>,
): PlainResponse => {
  const fields = Object.fromEntries(new URLSearchParams(body));
  const { data, error } = windowRequest.safeParse(fields);
  if (error) return invalidPage(error);
  const { returnUrl, ...order } = data;
  const { reference } = order;
  if (fields.action === 'cancel') {
    return returnUrl === undefined
      ? pageReply({ title: 'Cancelled', body: html`<p>No payment method was given.</p>` })
      : redirectReply(returnUrl, { cancelled: 'true', reference });
  }
  const { paymentMethod = '' } = fields;
  if (!behaviours.has(paymentMethod)) {
    return pageReply({
      status: 400,
      title: 'Unknown payment method',
      body: html`<p>Go back and select a payment method.</p>`,
    });
  }
  const token = windowTokenOf(paymentMethod, order);

  return returnUrl === undefined
    ? tokenPage(token, order)
    : redirectReply(returnUrl, { paymentMethod: token, reference });
};

const tokenPage = (token: string, order: WindowOrder): PlainResponse =>
  pageReply({
    title: 'Your payment method',
    body: html`<p>It pays ${describeAmount(order)} for the order <code>${order.reference}</code>, and nothing else:</p>
<p><code>${token}</code></p>`,
  });
