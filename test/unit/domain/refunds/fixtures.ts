import { aPaidOrder } from '../../../support/builders/refund-generators.ts';

/** Three units and one unit of 1000 each, less a discount of 1000. */
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
