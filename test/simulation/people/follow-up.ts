import type { OrderLine } from '../../../shared/domain/orders/order.ts';
import type { RequestedRefundBody } from '../../../shared/http/schemas/refund.ts';
import type { ApiRequest } from '../../support/builders/api-gateway-event.ts';
import type { Random } from '../virtual/random.ts';
import type { BuyerSession, Client } from './client.ts';
import { requestRefund } from './refunds.ts';
import type { Shop } from './shop.ts';
import { paceOf } from './supplies.ts';

/** An accepted payment and its buyer. */
interface Paid extends BuyerSession {
  readonly paymentId: string;
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
}

/** What buyers do after they have paid: they look at it, cancel it, and want money back. */
export const afterPayment = (paid: Paid): void => {
  const own = { ...paid, random: paid.random.fork(`after ${paid.paymentId}`) };
  startCancels(own);
  startRefunds(own);
  startLook(own);
};

const startCancels = ({ shop, client, buyer, name, paymentId, ...paid }: Paid) => {
  const random = paid.random.fork('cancels');
  if (!random.chance(0.3)) return;
  for (let count = random.between(1, 2); count > 0; count -= 1) {
    const delayMs = random.chance(0.5)
      ? random.between(0, 3_000)
      : random.between(0, 120_000) * paceOf(shop);
    const body = random.chance(0.5) ? { body: { reason: 'I want another one.' } } : {};
    shop.start(`${name}-cancel-payment-${count}`, async () => {
      await shop.time.sleep(delayMs);
      const key = `${name}-cancel-payment-${count}`;
      const path = `/payments/${paymentId}/cancel`;
      await client.ask({ method: 'POST', path, buyer, key, ...body });
    });
  }
};

/** An amount or lines, perhaps more than is left. */
const refundBodyOf = (random: Random, lines: readonly OrderLine[]) => {
  const reason = 'It does not fit.';
  if (random.chance(0.5)) {
    const amount = random.chance(0.1) ? 1_000_000 : random.between(1, 1_200);

    return { amount, reason };
  }
  const { sku } = random.pick(lines);

  return {
    lines: [{ sku, quantity: random.between(1, 2), restock: random.chance(0.5) }],
    reason,
  };
};

/** Several refunds, some at the same time. A rejected one is requested again later, with another key. */
const startRefunds = ({ shop, client, buyer, name, paymentId, lines, ...paid }: Paid) => {
  const random = paid.random.fork('refunds');
  if (!random.chance(0.4)) return;
  const together = random.chance(0.4) ? random.between(2_000, 60_000) : undefined;
  for (let count = random.between(1, 3); count > 0; count -= 1) {
    const own = random.fork(`refund ${count}`);
    const body = refundBodyOf(own, lines);
    const firstMs = (together ?? own.between(0, 120_000)) * paceOf(shop);
    shop.start(`${name}-refund-${count}`, async () => {
      await shop.time.sleep(firstMs);
      for (const attempt of [1, 2]) {
        const key = `${name}-refund-${count}-${attempt}`;
        const answer = await requestRefund(client, { paymentId, buyer, key, body });
        if (answer?.status === 202) {
          const { refundId } = answer.body as unknown as RequestedRefundBody;
          if (own.chance(0.3)) await lookAtRefund(shop, { client, buyer, random: own, refundId });
          return;
        }
        if (answer === undefined || own.chance(0.4)) return;
        await shop.time.sleep(own.between(1_000, 60_000) * paceOf(shop));
      }
    });
  }
};

interface RefundLook {
  readonly client: Client;
  readonly buyer: string;
  readonly random: Random;
  readonly refundId: string;
}

const lookAtRefund = async (shop: Shop, { client, buyer, random, refundId }: RefundLook) => {
  await shop.time.sleep(random.between(100, 30_000));
  await client.look({
    method: 'GET',
    path: `/refunds/${refundId}`,
    buyer,
    ...(random.chance(0.3) && { headers: { prefer: `wait=${random.between(1, 10)}` } }),
  });
};

/** One or two of the pages of a shop's website. */
const startLook = ({ shop, client, buyer, name, paymentId, orderId, ...paid }: Paid) => {
  const random = paid.random.fork('looks');
  const get = (path: string, query?: ApiRequest['query']): ApiRequest => ({
    method: 'GET',
    path,
    buyer,
    ...(query && { query }),
  });
  const pages = [
    get(`/payments/${paymentId}`),
    get(`/payments/${paymentId}/timeline`),
    get(`/orders/${orderId}`),
    get('/orders', { limit: 1 }),
    get('/payments', { limit: 1 }),
    get('/me/balance'),
    get('/me/points'),
    get('/rankings', { limit: 3 }),
  ];
  const looked = random.pick(pages);
  const delayMs = random.between(0, 90_000) * paceOf(shop);
  if (!random.chance(0.7)) return;
  shop.start(`${name}-look`, async () => {
    await shop.time.sleep(delayMs);
    const answer = await client.look(looked);
    const { body = {}, headers = {} } = answer ?? {};
    // A client asks for the next page, and for a version that it does not know yet.
    if (typeof body.nextCursor === 'string')
      await client.look({ ...looked, query: { ...looked.query, cursor: body.nextCursor } });
    if (headers.etag !== undefined && random.chance(0.5))
      await client.look({ ...looked, headers: { 'if-none-match': headers.etag } });
  });
};
