import type { CreatedOrderBody } from '../../../functions/create-order/operation.ts';
import { contentHashOf } from '../../../shared/domain/ids.ts';
import type { Random } from '../virtual/random.ts';

const ways = [
  'left out',
  'left out',
  'as answered',
  'as answered',
  'as answered',
  'forged',
] as const;

/**
 * The order that a buyer's program sends with a payment: none, the order as it was answered, or one of its own making, with
 * the hash of the stored order or with one that fits.
 */
export const sentOrderOf = (order: CreatedOrderBody, random: Random): object | undefined => {
  const way = random.pick(ways);
  if (way === 'left out') return undefined;

  return way === 'as answered' ? order : forge(order, random);
};

const forge = (order: CreatedOrderBody, random: Random) => {
  const { lines, couponId, total, currency, expiresAt } = order;
  const other = random.pick([
    { lines: lines.map((line) => ({ ...line, quantity: line.quantity + 1 })) },
    { lines: lines.map((line) => ({ ...line, unitPrice: 0 })) },
    { couponId: 'another-coupon' },
    { total: Math.floor(total / 2) },
    { currency: 'JPY' },
  ]);
  const content = { lines, couponId, total, currency, expiresAt, ...other };

  return {
    ...order,
    ...content,
    contentHash: random.chance(0.5) ? contentHashOf(content) : order.contentHash,
  };
};
