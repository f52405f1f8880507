import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Random } from '../virtual/random.ts';
import type { Cast } from './cast.ts';
import type { Shop } from './shop.ts';
import { currency, paceOf, type Supplies } from './supplies.ts';

type Item = Readonly<Record<string, unknown>>;

/** An item of a table that the merchant's other systems write. */
interface Place {
  readonly table: 'Balances' | 'Products' | 'Coupons';
  readonly key: Item;
}

interface ExternalWrite {
  readonly shop: Shop;
  readonly random: Random;
  readonly supplies: Supplies;
}

/** Catalogue, coupon service and balance service: they write between the service's own writes. */
export const startMerchant = (shop: Shop, cast: Cast, supplies: Supplies): void => {
  for (let number = 0; number < cast.externalWrites; number += 1) {
    const random = shop.random.fork(`external write ${number}`);
    const write = { shop, random, supplies };
    const delayMs = random.between(0, 200_000) * paceOf(shop);
    const isDamage = random.chance(0.5);
    shop.start(`merchant-${number}`, async () => {
      await shop.time.sleep(delayMs);
      if (cast.hasDamage && isDamage) await random.pick(damages)(write);
      else random.pick(updates)(write);
    });
  }
};

/** Damages an item just when a payment that needs it changes its status. */
export const startTimelyDamage = (shop: Shop, cast: Cast, supplies: Supplies): void => {
  let left = cast.hasDamage ? cast.externalWrites : 0;
  shop.onWrite(({ table, before, after }) => {
    if (left === 0 || table !== 'Payments' || after === undefined) return;
    if (before?.status === after.status) return;
    const { paymentId, version, userId, reservation } = after as unknown as Payment;
    const name = `merchant-${paymentId}-${version}`;
    const random = shop.random.fork(name);
    if (reservation === undefined || !random.chance(0.1)) return;
    left -= 1;
    const needed = {
      ...supplies,
      buyers: [userId],
      products: supplies.products.filter(({ sku }) =>
        reservation.lines.some((line) => line.sku === sku),
      ),
      coupons: supplies.coupons.filter((coupon) => coupon.userId === userId),
    };
    shop.start(name, async () => {
      await shop.time.sleep(random.between(0, 100));
      if (!shop.isCalm()) await random.pick(damages)({ shop, random, supplies: needed });
    });
  });
};

/** Replaces fields of the stored item; does nothing if there is none. */
const change = (shop: Shop, { table, key }: Place, fieldsOf: (item: Item) => Item | undefined) => {
  const item = shop.run.tables.item<Item>(table, key);
  const fields = item && fieldsOf(item);
  if (item === undefined || fields === undefined) return;
  shop.record('merchant', () => `writes ${JSON.stringify({ ...key, ...fields })} to ${table}`);
  const entries = Object.entries({ ...item, ...fields }).filter(([, value]) => value !== undefined);
  shop.seed(table, Object.fromEntries(entries));
};

const productOf = ({ random, supplies }: ExternalWrite): Place => ({
  table: 'Products',
  key: { sku: random.pick(supplies.products).sku },
});

const balanceOf = ({ random, supplies }: ExternalWrite): Place => ({
  table: 'Balances',
  key: { userId: random.pick(supplies.buyers) },
});

/** Adds to two counts that stay equal to the sum of the others. */
const add = (item: Item, amount: number, counts: readonly string[]): Item | undefined => {
  const sums = counts.map((name) => [name, Number(item[name]) + amount] as const);

  return counts.every((name) => typeof item[name] === 'number')
    ? Object.fromEntries(sums)
    : undefined;
};

const restock = (write: ExternalWrite) =>
  change(write.shop, productOf(write), (item) =>
    add(item, write.random.between(1, 20), ['available', 'received']),
  );

/** The first deposit of a buyer creates the balance. */
const deposit = (write: ExternalWrite) => {
  const { shop, random } = write;
  const place = balanceOf(write);
  if (shop.run.tables.item(place.table, place.key) !== undefined)
    return change(shop, place, (item) =>
      add(item, random.between(1, 20_000), ['available', 'deposited']),
    );
  const amount = random.between(1, 20_000);
  const counts = { available: amount, held: 0, spent: 0, deposited: amount };
  shop.record('merchant', () => `creates a balance of ${amount} for ${JSON.stringify(place.key)}`);

  return shop.seed(place.table, { ...place.key, currency, ...counts });
};

const changePrice = (write: ExternalWrite) =>
  change(write.shop, productOf(write), ({ unitPrice }) =>
    typeof unitPrice === 'number' ? { unitPrice: write.random.between(1, 3_000) } : undefined,
  );

const updates = [restock, deposit, changePrice];

/** Writes an invalid field, and corrects it after a while. */
const corrupt = async (
  { shop, random, supplies }: ExternalWrite,
  place: Place,
  [field, spoil]: readonly [string, (valid: unknown) => unknown],
) => {
  const valid = shop.run.tables.item<Item>(place.table, place.key)?.[field];
  const id = JSON.stringify([place, field]);
  if (valid === undefined || supplies.damagedFields.has(id)) return;
  supplies.damagedFields.add(id);
  change(shop, place, () => ({ [field]: spoil(valid) }));
  await shop.time.sleep(random.between(2_000, 60_000));
  // What the service has booked into a missing count meanwhile is kept.
  const booked = (item: Item) =>
    spoil(valid) === undefined && typeof item[field] === 'number' ? item[field] : 0;
  change(shop, place, (item) => ({
    [field]: typeof valid === 'number' ? valid + booked(item) : valid,
  }));
  supplies.damagedFields.delete(id);
};

const missing = () => undefined;

/** Counts are missing or a text: the service then changes neither, so that the correction loses nothing. */
const corruptProduct = (write: ExternalWrite) =>
  corrupt(
    write,
    productOf(write),
    write.random.pick([
      ['available', String],
      ['available', missing],
      ['reserved', missing],
      ['sold', missing],
      ['unitPrice', String],
      ['unitPrice', missing],
      ['unitPrice', () => -1],
      ['currency', () => 'won'],
    ] as const),
  );

const corruptBalance = (write: ExternalWrite) =>
  corrupt(
    write,
    balanceOf(write),
    write.random.pick([
      ['available', String],
      ['held', missing],
      ['spent', missing],
    ] as const),
  );

const couponOf = ({ random, supplies }: ExternalWrite): Place | undefined => {
  if (supplies.coupons.length === 0) return undefined;
  const { userId, couponId } = random.pick(supplies.coupons);

  return { table: 'Coupons', key: { userId, couponId } };
};

const corruptCoupon = async (write: ExternalWrite) => {
  const place = couponOf(write);
  const fault = write.random.pick([
    ['expiresAt', () => 'tomorrow'],
    ['expiresAt', () => '2999-12-31'],
    ['expiresAt', missing],
    ['amountOff', String],
    ['amountOff', () => 0],
  ] as const);
  if (place !== undefined) await corrupt(write, place, fault);
};

const remove = async (shop: Shop, { table, key }: Place) => {
  shop.record('merchant', () => `deletes ${JSON.stringify(key)} from ${table}`);
  shop.remove(table, key);
};

const removeProduct = (write: ExternalWrite) => remove(write.shop, productOf(write));

const removeCoupon = async (write: ExternalWrite) => {
  const place = couponOf(write);
  if (place !== undefined) await remove(write.shop, place);
};

const damages = [corruptProduct, corruptBalance, corruptCoupon, removeProduct, removeCoupon];
