import type { Balance } from '../../../shared/domain/money.ts';
import type { Coupon, Product } from '../../../shared/domain/orders/order.ts';
import type { Cast } from './cast.ts';
import type { Shop } from './shop.ts';

export const currency = 'KRW';

const names = ['alice', 'bob', 'carol'] as const;
const skus = ['tea', 'cup', 'pot'] as const;

/** What a run begins with. */
export interface Supplies {
  readonly buyers: readonly string[];
  /** The buyers without a balance: they pay by the gateway. */
  readonly buyersWithoutBalance: readonly string[];
  readonly products: readonly Product[];
  readonly coupons: readonly Coupon[];
  /** The fields that are invalid now: a field is damaged once at a time. */
  readonly damagedFields: Set<string>;
}

/** Each item has a fork of its own, so that fewer items leave the others unchanged. */
const suppliesOf = ({ random, time }: Shop, cast: Cast): Supplies => {
  const buyers = names.slice(0, cast.buyers);
  const products = skus.slice(0, cast.products).map((sku): Product => {
    const own = random.fork(`product ${sku}`);
    const available = own.pick([2, 8, 30, 100]);
    const unitPrice = own.pick([333, 1_000, 1_999]);

    return {
      sku,
      name: sku,
      unitPrice,
      currency,
      available,
      reserved: 0,
      sold: 0,
      received: available,
    };
  });
  const coupons = buyers.flatMap((userId) =>
    Array.from({ length: cast.coupons }, (_, number): Coupon => {
      const own = random.fork(`coupon ${userId} ${number}`);
      const amountOff = own.pick([1, 500, 100_000]);
      const expiresInMs = own.pick([-1_000, own.between(5_000, 200_000)]);

      return {
        userId,
        couponId: `${userId}-${number}`,
        status: 'AVAILABLE',
        amountOff,
        currency,
        expiresAt: own.chance(0.25)
          ? new Date(time.now + expiresInMs).toISOString()
          : '2999-12-31T00:00:00.000Z',
      };
    }),
  );

  return {
    buyers,
    buyersWithoutBalance: buyers.filter((userId) =>
      random.fork(`without balance ${userId}`).chance(0.15),
    ),
    products,
    coupons,
    damagedFields: new Set(),
  };
};

/** Stores what a run begins with. */
export const seedShop = (shop: Shop, cast: Cast): Supplies => {
  const supplies = suppliesOf(shop, cast);
  for (const userId of supplies.buyers) {
    if (supplies.buyersWithoutBalance.includes(userId)) continue;
    const available = shop.random.fork(`balance ${userId}`).pick([3_000, 20_000, 50_000, 100_000]);
    const balance: Balance = {
      userId,
      currency,
      available,
      held: 0,
      spent: 0,
      deposited: available,
    };
    shop.seed('Balances', balance);
  }
  for (const product of supplies.products) shop.seed('Products', product);
  for (const coupon of supplies.coupons) shop.seed('Coupons', coupon);

  return supplies;
};

/** Longer waits where the service itself waits longer. */
export const paceOf = ({ run }: Shop): number => (run.stage === 'local' ? 1 : 8);
