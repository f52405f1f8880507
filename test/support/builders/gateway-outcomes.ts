/** The outcome of a charge with a documented decline. */
export const declined = {
  outcome: 'declined',
  code: 'insufficient_funds',
  reason: 'no funds',
  buyerCode: 'insufficient-funds',
} as const;
