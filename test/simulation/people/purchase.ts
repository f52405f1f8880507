import type { CreatedOrderBody } from '../../../functions/create-order/operation.ts';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import type { OrderLine } from '../../../shared/domain/orders/order.ts';
import type { AcceptedBody } from '../../../shared/http/schemas/accepted-payment.ts';
import type { Random } from '../virtual/random.ts';
import { type BuyerSession, createClient } from './client.ts';
import { afterPayment } from './follow-up.ts';
import { sentOrderOf } from './sent-order.ts';
import type { Shop } from './shop.ts';
import { paceOf, type Supplies } from './supplies.ts';

export interface PurchaseOptions {
  readonly shop: Shop;
  readonly supplies: Supplies;
  readonly paymentMethods: readonly string[];
}

/** A buyer with one order after the other. */
export interface Purchase extends PurchaseOptions, BuyerSession {}

/** One of the buyers of the run comes to the shop. */
export const startPurchase = async (
  options: PurchaseOptions,
  name: string,
  random: Random,
): Promise<Purchase> => {
  const { shop, supplies } = options;
  const buyer = supplies.buyers[random.between(0, 5) % supplies.buyers.length] ?? '';
  await shop.time.sleep(random.between(0, 60_000) * paceOf(shop));

  return { ...options, buyer, client: createClient(shop, random), name, random };
};

/** One purchase: an order, clicks on "pay", what the buyer does afterwards, perhaps another order. */
export const playStory = async (options: PurchaseOptions, story: number): Promise<void> => {
  const { shop } = options;
  const random = shop.random.fork(`story ${story}`);
  const name = `story-${story}`;
  const purchase = await startPurchase(options, name, random);
  for (const attempt of [1, 2]) {
    const own = random.fork(`order ${attempt}`);
    const isPaid = await buy({ ...purchase, name: `${name}-order-${attempt}`, random: own });
    if (isPaid || own.chance(0.5)) return;
    await shop.time.sleep(own.between(1_000, 90_000) * paceOf(shop));
  }
};

const linesOf = (random: Random, { products }: Supplies): readonly OrderLine[] => {
  const lines = Array.from({ length: random.between(1, 2) }, () => ({
    sku: products[random.between(0, 5) % products.length]?.sku ?? '',
    quantity: random.pick([1, 1, 2, 3]),
  }));

  return lines;
};

/** Returns whether a payment was completed. */
const buy = async (purchase: Purchase): Promise<boolean> => {
  const { shop, client, random, buyer } = purchase;
  const order = await placeOrder(purchase);
  if (order === undefined) return false;
  const { orderId, lines } = order;
  if (random.fork('cancel order').chance(0.15)) startOrderCancels(purchase, orderId);
  const accepted = await payByClicks(purchase, order);
  for (const paymentId of new Set(accepted))
    afterPayment({ ...purchase, paymentId, orderId, lines });
  const [paymentId] = accepted;
  if (paymentId === undefined) return false;
  // The buyer waits for the outcome, and orders again after a decline.
  const seen = random.fork('outcome');
  if (seen.chance(0.5)) return true;
  await shop.time.sleep(seen.between(1_000, 30_000));
  const payment = await client.look({
    method: 'GET',
    path: `/payments/${paymentId}`,
    buyer,
    ...(seen.chance(0.4) && { headers: { prefer: `wait=${seen.between(1, 20)}` } }),
  });

  return payment?.body?.status !== 'FAILED';
};

export const placeOrder = async (purchase: Purchase): Promise<CreatedOrderBody | undefined> => {
  const { shop, client, name, buyer, supplies } = purchase;
  const random = purchase.random.fork('place order');
  const lines = linesOf(random, supplies);
  const own = supplies.coupons.filter(({ userId }) => userId === buyer);
  const coupon = random.chance(0.5) ? own[random.between(0, 1) % own.length] : undefined;
  const place = (key: string, couponId?: string) =>
    client.ask({
      method: 'POST',
      path: '/orders',
      buyer,
      key,
      body: { lines, ...(couponId !== undefined && { couponId }) },
    });
  const isShared = coupon !== undefined && random.chance(0.15);
  // A second window orders with the same coupon at the same time.
  if (isShared)
    shop.start(`${name}-other-window`, async () => {
      await place(`${name}-other`, coupon.couponId);
    });
  const first = await place(name, coupon?.couponId);
  const isRejected = first !== undefined && first.status !== 201;
  const answer =
    isRejected && coupon !== undefined && random.chance(0.7)
      ? await place(`${name}-without-coupon`)
      : first;

  return answer?.status === 201 ? (answer.body as unknown as CreatedOrderBody) : undefined;
};

/** Cancels the order once or twice, perhaps at the same time as its payment. */
const startOrderCancels = (
  { shop, client, name, buyer, ...purchase }: Purchase,
  orderId: string,
) => {
  const random = purchase.random.fork('order cancels');
  for (let count = random.between(1, 2); count > 0; count -= 1) {
    const delayMs = random.chance(0.5) ? random.between(0, 300) : random.between(0, 60_000);
    shop.start(`${name}-cancel-${count}`, async () => {
      await shop.time.sleep(delayMs);
      const key = `${name}-cancel-${count}`;
      await client.ask({ method: 'POST', path: `/orders/${orderId}/cancel`, buyer, key });
    });
  }
};

interface Click {
  readonly delayMs: number;
  readonly key: string;
  readonly method: string;
  /** Minor units to take from the balance. Absent: none. */
  readonly balanceAmount?: number;
  readonly expectedAmount?: number;
}

/** The part that the balance pays: none, all, any part, or too much. */
const balancePartOf = (random: Random, total: number, hasBalance: boolean): number | undefined => {
  const isByGateway = random.chance(hasBalance ? 0.25 : 0.9);
  if (isByGateway || total === 0) return random.chance(0.5) ? 0 : undefined;
  if (random.chance(0.03)) return total + 1;

  return random.chance(0.2) ? total : random.between(1, total);
};

/** A key belongs to one request: the method and the amounts follow from it. */
const clicksOf = (
  { name, random, paymentMethods, buyer, supplies }: Purchase,
  total: number,
): readonly Click[] => {
  const hasBalance = !supplies.buyersWithoutBalance.includes(buyer);
  const own = random.fork('clicks');
  const count = own.chance(0.3) ? own.between(2, 3) : 1;
  const isFast = own.chance(0.6);

  return Array.from({ length: count }, (_, number): Click => {
    const key = `${name}-pay-${own.chance(0.5) ? 0 : number}`;
    const ofKey = random.fork(key);
    const isWrong = ofKey.chance(0.04);
    const balanceAmount = balancePartOf(random.fork(`${key} balance`), total, hasBalance);

    return {
      delayMs: isFast ? own.between(0, 25) : number * own.between(0, 500),
      key,
      method: ofKey.pick(paymentMethods),
      ...(balanceAmount !== undefined && { balanceAmount }),
      ...((isWrong || ofKey.chance(0.2)) && { expectedAmount: total + (isWrong ? 1 : 0) }),
    };
  });
};

/** Requests a payment. Returns its id if it is accepted. */
export const requestPayment = async (
  { client, buyer }: BuyerSession,
  key: string,
  body: object,
): Promise<string | undefined> => {
  const answer = await client.ask({ method: 'POST', path: '/payments', buyer, key, body });

  return answer?.status === 202 ? (answer.body as unknown as AcceptedBody).paymentId : undefined;
};

/** Several clicks at the same time, with one or more keys. Returns the ids of accepted payments. */
const payByClicks = async (
  purchase: Purchase,
  order: CreatedOrderBody,
): Promise<readonly string[]> => {
  const { orderId, total } = order;
  const { shop, buyer, random } = purchase;
  const tokens = new Map<string, string>();
  const tokenOf = ({ key, method, balanceAmount = 0 }: Click) => {
    const reference = derivePaymentId(buyer, key);
    const amount = Math.max(total - balanceAmount, 0);
    const token = tokens.get(key) ?? shop.run.gateway.checkout(method, { reference, amount });
    tokens.set(key, token);

    return token;
  };
  if (random.fork('hesitate').chance(0.3))
    await shop.time.sleep(random.fork('hesitation').between(0, 20_000) * paceOf(shop));
  const accepted = await Promise.all(
    clicksOf(purchase, total).map(async (click, number) => {
      const { delayMs, key, balanceAmount, expectedAmount } = click;
      const sentOrder = sentOrderOf(order, random.fork(`${key} order of ${number}`));
      const isByBalanceAlone = balanceAmount === total && random.fork(`${key} alone`).chance(0.5);
      await shop.time.sleep(delayMs);

      return requestPayment(purchase, key, {
        orderId,
        ...(sentOrder && { order: sentOrder }),
        ...(balanceAmount !== undefined && { balanceAmount }),
        ...(!isByBalanceAlone && { paymentMethod: tokenOf(click) }),
        ...(expectedAmount !== undefined && { expectedAmount }),
      });
    }),
  );

  return accepted.filter((paymentId) => paymentId !== undefined);
};
