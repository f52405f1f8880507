import type { NewBalance, NewCoupon, Seeds } from './seed.ts';

// The won has no minor unit: 3500 means 3,500 won.
export const currency = 'KRW';

export const never = '2999-12-31T00:00:00.000Z';

const newBalance = (userId: string, available: number): NewBalance => ({
  userId,
  currency,
  available,
});

const coupon = (userId: string, couponId: string, amountOff: number): NewCoupon => ({
  userId,
  couponId,
  amountOff,
  currency,
  expiresAt: never,
});

/** A small shop: products, and buyers with balances and coupons. */
export const shop: Seeds & { readonly buyers: readonly string[] } = {
  /** Grace has no balance. */
  buyers: ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'henry', 'ivan', 'zoe'],
  products: [
    { sku: 'tea', name: 'Green tea, 50 g', unitPrice: 3_500, currency, available: 1_000 },
    { sku: 'coffee', name: 'Coffee beans, 200 g', unitPrice: 12_000, currency, available: 1_000 },
    { sku: 'cup', name: 'Stoneware cup', unitPrice: 18_000, currency, available: 200 },
    { sku: 'kettle', name: 'Cast-iron kettle', unitPrice: 89_000, currency, available: 1 },
  ],
  balances: [
    newBalance('alice', 1_000_000),
    newBalance('bob', 1_000_000),
    newBalance('carol', 1_000_000),
    newBalance('dave', 1_000_000),
    newBalance('erin', 10_000),
    newBalance('frank', 1_000_000),
    newBalance('henry', 1_000_000),
    newBalance('ivan', 1_000_000),
    newBalance('zoe', 1_000_000),
  ],
  coupons: ['alice', 'carol', 'ivan'].map((buyer) => coupon(buyer, `welcome-${buyer}`, 2_000)),
};
