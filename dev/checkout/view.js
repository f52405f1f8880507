// What the demo checkout shows.

export const element = (id) => document.getElementById(id);

const finalStatuses = ['COMPLETED', 'FAILED', 'PARTIALLY_REFUNDED', 'REFUNDED'];

export const isFinal = ({ status }) => finalStatuses.includes(status);

export const formatMoney = (amount, currency) =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(
    amount,
  );

/** Shows a text in its element; hides the element if there is none. */
const showText = (id, text) => {
  element(id).hidden = text === undefined;
  element(id).textContent = text ?? '';
};

export const showError = (error) => showText('error', error?.message);

/** Options of a list, each from its value and its text. */
export const optionsOf = (offered) => offered.map(([value, text]) => new Option(text, value));

const actionTexts = {
  'provide-payment-method': 'The order is reserved. Provide a payment method.',
  redirect: 'The bank asks you to confirm the payment.',
};

/** Shows a payment, and what its buyer can do next. */
export const showPayment = (payment) => {
  const { paymentId, status, stage, amount, currency, nextAction, failure } = payment;
  element('order').hidden = true;
  element('payment').hidden = false;
  element('payment-id').textContent = paymentId;
  element('status').textContent = status;
  element('stage').textContent = stage === status ? '' : stage;
  const fromBalance = formatMoney(payment.balanceAmount, currency);
  const fromGateway = formatMoney(payment.gatewayAmount, currency);
  element('parts').textContent =
    `${formatMoney(amount, currency)}: ${fromBalance} from the balance, ${fromGateway} by the gateway.`;
  showText('failure', failure && `${failure.reason} (${failure.code})`);
  element('action').hidden = nextAction === undefined;
  element('again').hidden = !isFinal(payment);
  if (nextAction === undefined) return;
  element('action-text').textContent = actionTexts[nextAction.type];
  element('other-method').hidden = nextAction.type !== 'provide-payment-method';
  element('open-page').hidden = nextAction.url === undefined;
  element('open-page').textContent =
    nextAction.type === 'redirect' ? 'Continue to the bank' : "Open the gateway's window";
};

/** Shows the timeline of a payment. */
export const showTimeline = (entries) =>
  element('timeline').replaceChildren(
    ...entries.map(({ sinceAcceptMs, kind, to, detail }) => {
      const item = document.createElement('li');
      item.textContent = `${sinceAcceptMs} ms: ${kind}${to ? ` ${to}` : ''}${detail ? `, ${detail}` : ''}`;

      return item;
    }),
  );
