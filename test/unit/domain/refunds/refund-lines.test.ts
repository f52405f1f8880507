import fc from 'fast-check';
import { expect, it } from 'vitest';
import { discountedLineTotals } from '../../../../shared/domain/refunds/refund-lines.ts';
import { anOrder } from '../../../support/builders/builders.ts';
import { anyPaidOrder } from '../../../support/builders/refund-generators.ts';

it('shares a discount among the lines without loss or increase', () => {
  fc.assert(
    fc.property(anyPaidOrder, ({ order }) => {
      const nets = discountedLineTotals(order);

      expect([...nets.values()].reduce((sum, net) => sum + net, 0)).toBe(order.total);
      for (const { sku, quantity, unitPrice } of order.lines) {
        const net = nets.get(sku) ?? Number.NaN;
        const exact =
          order.subtotal === 0 ? 0 : (order.total / order.subtotal) * quantity * unitPrice;
        expect(net).toBeGreaterThanOrEqual(0);
        expect(net).toBeLessThanOrEqual(quantity * unitPrice);
        expect(Math.abs(net - exact)).toBeLessThanOrEqual(1 + exact * 1e-9);
      }
    }),
  );
});

it('gives the rounding remainder to the largest fractions, first line first', () => {
  const order = anOrder({
    lines: [
      { sku: 'a', quantity: 1, unitPrice: 100 },
      { sku: 'b', quantity: 1, unitPrice: 200 },
      { sku: 'c', quantity: 1, unitPrice: 100 },
    ],
    discount: 199,
  });

  // 50.25, 100.5 and 50.25 of 201.
  expect(Object.fromEntries(discountedLineTotals(order))).toEqual({ a: 50, b: 101, c: 50 });
  expect(Object.fromEntries(discountedLineTotals({ ...order, total: 202 }))).toEqual({
    a: 51,
    b: 101,
    c: 50,
  });
});
