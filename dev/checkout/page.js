// The demo checkout: places an order, pays it, and follows the payment until it is final.

import {
  element,
  formatMoney,
  isFinal,
  optionsOf,
  showError,
  showPayment,
  showTimeline,
} from './view.js';

/** Payment methods of the simulated gateway. The empty one opens the window of the gateway. */
const methods = [
  ['', "The gateway's window"],
  ['sim_approve', 'Card: approved'],
  ['sim_approve_slow', 'Card: approved after 5 s'],
  ['sim_challenge', 'Card: asks for authentication'],
  ['sim_decline', 'Card: insufficient funds'],
  ['sim_decline_expired_card', 'Card: expired'],
  ['sim_timeout_after_effect', 'Card: charged, the answer is lost'],
];

/** What the page knows: the shop, the buyer, and the payment on display. */
const state = { products: [], buyer: '', paymentId: undefined, payment: undefined, run: 0 };

/** Calls the API as the buyer. Each POST has a key of its own. */
const send = (method, path, { body, headers = {} } = {}) =>
  fetch(`/api${path}`, {
    method,
    headers: {
      'x-buyer': state.buyer,
      ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });

/** The body of an answer; undefined if nothing changed. Throws an Error with the problem's detail and its `code`. */
const bodyOf = async (answer) => {
  if (answer.status === 304) return undefined;
  const value = await answer.json();
  if (!answer.ok) {
    const message = value.detail ?? value.title ?? `The API answered ${answer.status}.`;
    throw Object.assign(new Error(message), { code: value.code });
  }

  return value;
};

const call = async (method, path, options) => bodyOf(await send(method, path, options));

/** Pauses as long as the API asks for, if it did not wait itself. */
const pauseAfter = ({ headers }) => {
  const seconds = Number(headers.get('retry-after') ?? 0);

  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
};

/** Runs a step of the buyer. A failure is shown, and the buttons work again. */
const run = (work) => async (event) => {
  event?.preventDefault();
  const buttons = [...document.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  showError(undefined);
  try {
    await work();
  } catch (error) {
    showError(error);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
};

const lines = () =>
  state.products.flatMap(({ sku }) => {
    const quantity = Number(element(`quantity-${sku}`).value);

    return quantity > 0 ? [{ sku, quantity }] : [];
  });

const showTotal = () => {
  const [first] = state.products;
  const total = lines().reduce(
    (sum, { sku, quantity }) =>
      sum + quantity * state.products.find((product) => product.sku === sku).unitPrice,
    0,
  );
  element('total').textContent = first ? formatMoney(total, first.currency) : '';
};

const showBalance = async () => {
  const balance = await call('GET', '/me/balance').catch(() => undefined);
  element('balance').textContent = balance
    ? `Balance ${formatMoney(balance.available, balance.currency)}`
    : 'No balance: the card pays everything.';
};

/** The page's own address, to which the gateway sends the buyer back. */
const returnUrlOf = (orderId) => {
  const url = new URL(location.pathname, location.origin);
  url.searchParams.set('buyer', state.buyer);
  url.searchParams.set('orderId', orderId);

  return url.href;
};

const pay = async () => {
  const order = await call('POST', '/orders', { body: { lines: lines() } });
  const { orderId } = order;
  const paymentMethod = element('method').value;
  const balanceAmount = Number(element('balance-amount').value);
  const startedAt = performance.now();
  const accepted = await call('POST', '/payments', {
    body: {
      orderId,
      order,
      balanceAmount,
      returnUrl: returnUrlOf(orderId),
      ...(paymentMethod && { paymentMethod }),
      ...(element('keep').checked && { onDecline: 'keep' }),
    },
  });
  element('accepted').textContent = `Accepted in ${Math.round(performance.now() - startedAt)} ms.`;
  follow(accepted.paymentId);
};

const isNotConfirmable = ({ code }) => code === 'payment-not-confirmable';

/** A webhook of the gateway may have been faster: then the payment has moved on, and only its status is shown. */
const confirmWith = async (paymentMethod) => {
  await call('POST', `/payments/${state.paymentId}/confirm`, {
    body: paymentMethod ? { paymentMethod } : {},
  }).catch((error) => {
    if (!isNotConfirmable(error)) throw error;
  });
  follow(state.paymentId);
};

/** Shows the payment from now on, until everything of it is final. Replaces the one that was shown before. */
const follow = (paymentId) => {
  state.paymentId = paymentId;
  state.run += 1;
  showUntilFinal(paymentId, state.run).catch(showError);
};

const showUntilFinal = async (paymentId, ownRun) => {
  let version;
  while (ownRun === state.run) {
    const answer = await send('GET', `/payments/${paymentId}`, {
      headers: version ? { prefer: 'wait=20', 'if-none-match': `"${version}"` } : {},
    });
    const payment = await bodyOf(answer);
    if (ownRun !== state.run) return;
    if (payment === undefined) {
      await pauseAfter(answer);
      continue;
    }
    version = payment.version;
    state.payment = payment;
    showPayment(payment);
    const { entries } = await call('GET', `/payments/${paymentId}/timeline`);
    showTimeline(entries);
    if (isFinal(payment)) {
      await showBalance();
      if (payment.status !== 'FAILED' || payment.released) return;
    }
  }
};

/** Continues after the gateway's page: with the payment method of its window, or because the buyer has acted. */
const resume = async (parameters) => {
  const orderId = parameters.get('orderId');
  const { items } = await call('GET', `/payments?orderId=${encodeURIComponent(orderId)}`);
  const [listed] = items;
  if (listed === undefined) throw new Error(`There is no payment of ${orderId}.`);
  history.replaceState(null, '', location.pathname);
  state.paymentId = listed.paymentId;
  // The list may be a moment behind.
  const { stage } = await call('GET', `/payments/${state.paymentId}`);
  const paymentMethod = parameters.get('paymentMethod');
  if (paymentMethod !== null || (stage === 'REQUIRES_ACTION' && !parameters.has('cancelled'))) {
    // Without this request, a webhook of the gateway or the expiry continues a challenged payment.
    await confirmWith(paymentMethod);
  } else {
    follow(state.paymentId);
  }
};

const productRow = ({ sku, name, unitPrice, currency }) => {
  const row = document.createElement('tr');
  const input = Object.assign(document.createElement('input'), {
    type: 'number',
    min: '0',
    max: '99',
    value: sku === state.products[0].sku ? '1' : '0',
    id: `quantity-${sku}`,
  });
  input.setAttribute('aria-label', `Quantity of ${name}`);
  input.addEventListener('input', showTotal);
  for (const content of [name, formatMoney(unitPrice, currency), input]) {
    const cell = document.createElement('td');
    cell.append(content);
    row.append(cell);
  }

  return row;
};

const start = async () => {
  const { buyers, products } = await (await fetch('/shop')).json();
  const parameters = new URLSearchParams(location.search);
  state.products = products;
  element('buyer').append(...buyers.map((buyer) => new Option(buyer)));
  element('buyer').value = buyers.includes(parameters.get('buyer'))
    ? parameters.get('buyer')
    : buyers[0];
  state.buyer = element('buyer').value;
  element('products').append(...products.map(productRow));
  element('method').append(...optionsOf(methods));
  element('next-method').append(...optionsOf(methods.filter(([value]) => value)));
  showTotal();
  await showBalance();
  if (parameters.has('orderId')) await resume(parameters);
};

element('buyer').addEventListener(
  'change',
  run(() => {
    state.buyer = element('buyer').value;

    return showBalance();
  }),
);
element('order').addEventListener('submit', run(pay));
element('confirm').addEventListener(
  'click',
  run(() => confirmWith(element('next-method').value)),
);
element('open-page').addEventListener('click', () => location.assign(state.payment.nextAction.url));
element('cancel').addEventListener(
  'click',
  run(async () => {
    await call('POST', `/payments/${state.paymentId}/cancel`);
    follow(state.paymentId);
  }),
);
element('again').addEventListener('click', () => location.assign(location.pathname));
run(start)();
