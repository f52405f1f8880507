/**
 * Sort keys of the loyalty points table: what one payment earned, and a buyer's total, which an earlier version
 * of the service stored and no code reads.
 */
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
