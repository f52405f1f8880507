import { afterAll, expect } from 'vitest';
import type { Payment } from '../../shared/domain/payment.ts';
import { eventually } from './eventually.ts';
import { pg } from './outside.ts';
import { balances, compensationsOf, paymentsOf, products } from './stores.ts';

/** Whom and what the tests of this file have made. */
export const proved = { buyers: new Set<string>(), skus: new Set<string>() };

/** What one payment holds and has taken, told by its state and by what was undone of it. */
const footprintOf = async (payment: Payment) => {
  const { status, reservation = { balance: 0, lines: [] } } = payment;
  const undone = await compensationsOf(payment.paymentId);
  const isHeld = (target: string) => status !== 'COMPLETED' && !(target in undone);

  return {
    payment,
    held: isHeld(`BALANCE#${payment.userId}`) ? reservation.balance : 0,
    spent: status === 'COMPLETED' ? payment.amount : 0,
    lines: reservation.lines.map(({ sku, quantity }) => ({
      sku,
      reserved: isHeld(`STOCK#${sku}`) ? quantity : 0,
      sold: status === 'COMPLETED' ? quantity : 0,
    })),
  };
};

type Footprint = Awaited<ReturnType<typeof footprintOf>>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const proveBalance = async (userId: string, footprints: readonly Footprint[]) => {
  const own = footprints.filter(({ payment }) => payment.userId === userId);
  const held = sum(own.map((footprint) => footprint.held));
  const spent = sum(own.map((footprint) => footprint.spent));
  const balance = await balances.of(userId);
  const available = (balance?.deposited ?? 0) - held - spent;

  expect(balance).toMatchObject({ available, held, spent });
  expect(available).toBeGreaterThanOrEqual(0);
};

const proveStock = async (sku: string, footprints: readonly Footprint[]) => {
  const own = footprints.flatMap(({ lines }) => lines.filter((line) => line.sku === sku));
  const reserved = sum(own.map((line) => line.reserved));
  const sold = sum(own.map((line) => line.sold));
  const product = await products.find(sku);
  const available = (product?.received ?? 0) - reserved - sold;

  expect(product).toMatchObject({ available, reserved, sold });
  expect(available).toBeGreaterThanOrEqual(0);
};

/** Money that the PG has is either booked as spent, once and to the unit, or still held while we do not know. */
const proveCharges = async ({ payment, held }: Footprint) => {
  const { paymentId, status, amount } = payment;
  const { charges } = await pg.of(paymentId);
  const captured = charges.map((charge) => charge.amount);
  if (status === 'COMPLETED') return expect(captured).toEqual(amount > 0 ? [amount] : []);

  expect(captured.length, `charges of the ${status} ${paymentId}`).toBeLessThanOrEqual(1);
  if (captured.length > 0) expect(held, `held for the ${status} ${paymentId}`).toBe(amount);
};

/** Everything that these tests made, in our books and in the PG's. */
const proveBooks = async (): Promise<void> => {
  const found = await Promise.all([...proved.buyers].map(paymentsOf));
  const footprints = await Promise.all(found.flat().map(footprintOf));

  await Promise.all([
    ...[...proved.buyers].map((userId) => proveBalance(userId, footprints)),
    ...[...proved.skus].map((sku) => proveStock(sku, footprints)),
    ...footprints.map(proveCharges),
  ]);
};

// Whoever makes a buyer imports this file, so no test can forget the proof. What is still under way is waited for.
afterAll(() => eventually(proveBooks));
