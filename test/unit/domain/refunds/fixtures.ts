import { aPaidOrder } from '../../../support/builders/refund-generators.ts';

/** Three for 1000 and one more, less 1000: no unit costs a whole number. */
export const discountedPaidOrder = () =>
  aPaidOrder({
    lines: [
      { sku: 'tea', quantity: 3, unitPrice: 1_000 },
      { sku: 'cup', quantity: 1, unitPrice: 1_000 },
    ],
    discount: 1_000,
  });

export const refundLine = (sku: string, quantity: number, restock = true) => ({
  sku,
  quantity,
  restock,
});
