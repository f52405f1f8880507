/** Sort keys of the loyalty points table: the buyer's total, and what one payment earned. */
export const pointsEntry = {
  total: 'TOTAL',
  payment: (paymentId: string) => `PAYMENT#${paymentId}`,
};

/**
 * Sort keys of the rankings table: the count of a SKU, and the marker of an event that is counted already.
 */
export const rankingEntry = {
  sku: (sku: string) => `SKU#${sku}`,
  event: (eventId: string) => `EVENT#${eventId}`,
};
