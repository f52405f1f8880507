import type { Random } from '../virtual/random.ts';
import type { Cast } from './cast.ts';
import { createClient } from './client.ts';
import { requestRefund } from './refunds.ts';
import type { Shop } from './shop.ts';

/** What a press needs of a payment or refund. */
interface ChangedItem {
  readonly paymentId: string;
  readonly refundId?: string;
  readonly userId: string;
  readonly status: string;
  readonly version: number;
}

const watchedTables = ['Payments', 'Refunds'];

/** Buyers who press a button just when a payment or a refund changes its status. */
export const startPresses = (shop: Shop, { presses }: Pick<Cast, 'presses'>): void => {
  let left = presses;
  shop.onWrite(({ table, before, after }) => {
    if (left === 0 || after === undefined || !watchedTables.includes(table)) return;
    if (before?.status === after.status) return;
    const item = after as unknown as ChangedItem;
    const name = `press-${item.refundId ?? item.paymentId}-${item.version}`;
    const random = shop.random.fork(name);
    if (!random.chance(0.25)) return;
    left -= 1;
    shop.start(name, async () => {
      await shop.time.sleep(random.between(0, 150));
      if (!shop.isCalm()) await press(shop, { ...item, name, random });
    });
  });
};

interface Press extends ChangedItem {
  readonly name: string;
  readonly random: Random;
}

const press = async (shop: Shop, { paymentId, userId: buyer, name: key, random }: Press) => {
  const client = createClient(shop, random);
  const isCancel = random.chance(0.6);
  if (isCancel) {
    await client.ask({ method: 'POST', path: `/payments/${paymentId}/cancel`, buyer, key }, 3);
    return;
  }
  const body = { amount: random.between(1, 2_000), reason: 'It came too late.' };
  await requestRefund(client, { paymentId, buyer, key, body }, 3);
};
