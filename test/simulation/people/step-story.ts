import type { CreatedOrderBody } from '../../../functions/create-order/operation.ts';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import { scopeOf } from '../../../shared/http/routes.ts';
import type { NextActionBody } from '../../../shared/http/schemas/next-action.ts';
import type { Random } from '../virtual/random.ts';
import { authenticate, provideMethod, type Waiting } from './buyer-steps.ts';
import { afterPayment } from './follow-up.ts';
import {
  type Purchase,
  type PurchaseOptions,
  placeOrder,
  requestPayment,
  startPurchase,
} from './purchase.ts';
import { returnPage } from './shop.ts';
import { paceOf } from './supplies.ts';

/** A buyer does what a payment waits for at most this often. */
const mostSteps = 8;

/**
 * One payment in several steps: its buyer gives a payment method in the gateway's window, authenticates on a page, tries
 * another method after a decline, and sometimes leaves.
 */
export const playStepStory = async (options: PurchaseOptions, story: number): Promise<void> => {
  const name = `steps-${story}`;
  const random = options.shop.random.fork(name);
  const methodOf = createMethodOf({ ...options, random });
  const purchase = { ...(await startPurchase(options, name, random)), methodOf };
  const order = await placeOrder(purchase);
  if (order === undefined) return;
  const paymentId = await openPayment(purchase, order);
  if (paymentId === undefined) return;
  const { orderId, lines } = order;
  afterPayment({ ...purchase, paymentId, orderId, lines });
  startSupport(purchase, paymentId);
  await takeSteps({ ...purchase, paymentId });
};

/** The payment is accepted with a payment method or without one. Returns its id. */
const openPayment = async (
  purchase: Purchase & Pick<Waiting, 'methodOf'>,
  { orderId, total }: CreatedOrderBody,
): Promise<string | undefined> => {
  const { shop, buyer, name, supplies, methodOf } = purchase;
  const random = purchase.random.fork('open');
  const key = `${name}-pay`;
  const hasMethod = random.chance(0.4);
  const keeps = random.chance(0.7);
  const isSentBack = random.chance(0.85);
  const part = random.chance(0.3) ? random.between(1, 500) : 0;
  const hasBalance = !supplies.buyersWithoutBalance.includes(buyer);
  const balanceAmount = hasBalance && part < total ? part : 0;
  const method = methodOf(random.fork('method'));
  const { gateway } = shop.run;
  const reference = derivePaymentId(buyer, key);

  return requestPayment(purchase, key, {
    orderId,
    ...(balanceAmount > 0 && { balanceAmount }),
    ...(hasMethod && {
      paymentMethod: gateway.checkout(method, { reference, amount: total - balanceAmount }),
    }),
    ...(isSentBack && { returnUrl: returnPage }),
    ...(keeps && { onDecline: 'keep' }),
  });
};

/** Often a method that asks for authentication, or one that the gateway declines; for some buyers mostly such ones. */
const createMethodOf = ({
  shop,
  paymentMethods,
  random,
}: Pick<Purchase, 'shop' | 'paymentMethods' | 'random'>): Waiting['methodOf'] => {
  const { challengedMethods } = shop.run.gateway.pages;
  const declined = paymentMethods.filter((method) => /_decline/.test(method));
  const declinedShare = random.fork('luck').chance(0.3) ? 0.85 : 0.35;

  return (which) => {
    if (which.chance(declinedShare) && declined.length > 0) return which.pick(declined);
    const isChallenged = which.chance(0.5) && challengedMethods.length > 0;

    return which.pick(isChallenged ? challengedMethods : paymentMethods);
  };
};

/** The buyer asks the shop to cancel the payment. */
const startSupport = ({ shop, client, name, ...purchase }: Purchase, paymentId: string) => {
  const random = purchase.random.fork('support');
  if (!random.chance(0.15)) return;
  const delayMs = random.between(0, 120_000) * paceOf(shop);
  shop.start(`${name}-support`, async () => {
    await shop.time.sleep(delayMs);
    await client.ask({
      method: 'POST',
      path: `/operator/payments/${paymentId}/cancel`,
      buyer: 'sora',
      scope: scopeOf('support'),
      key: `${name}-support`,
      body: { reason: 'The buyer asked for it by telephone.' },
    });
  });
};

const takeSteps = async (paid: Waiting): Promise<void> => {
  const { name, random } = paid;
  for (let step = 1; step <= mostSteps; step += 1) {
    const own = random.fork(`step ${step}`);
    const action = await awaitAction(paid, own.fork('looks'));
    if (action === undefined) return;
    const waiting = { ...paid, name: `${name}-${step}`, random: own };
    const goesOn =
      action.type === 'redirect'
        ? await authenticate(waiting, action)
        : await provideMethod(waiting, action);
    if (!goesOn) return;
  }
};

const mostLooks = 12;

/** Waits until the payment needs its buyer. Returns undefined if it ends, or if the buyer stops looking. */
const awaitAction = async (
  { shop, client, buyer, paymentId }: Waiting,
  random: Random,
): Promise<NextActionBody | undefined> => {
  for (let looks = 1; looks <= mostLooks; looks += 1) {
    const isWaiting = random.chance(0.3);
    const answer = await client.look({
      method: 'GET',
      path: `/payments/${paymentId}`,
      buyer,
      ...(isWaiting && { headers: { prefer: `wait=${random.between(1, 10)}` } }),
    });
    const { status, nextAction } = answer?.body ?? {};
    if (nextAction !== undefined) return nextAction as NextActionBody;
    if (status !== undefined && status !== 'PENDING' && status !== 'CONFIRMING') return undefined;
    await shop.time.sleep(random.between(200, 8_000) * paceOf(shop));
  }

  return undefined;
};
