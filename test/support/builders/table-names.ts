/** The names of the in-memory tables, by what they hold. */
export const tableNames = {
  payments: 'Payments',
  compensations: 'Compensations',
  refunds: 'Refunds',
  orders: 'Orders',
  balances: 'Balances',
  products: 'Products',
  coupons: 'Coupons',
  deliveries: 'Deliveries',
  rankings: 'Rankings',
  loyaltyPoints: 'LoyaltyPoints',
  reviews: 'Reviews',
};
