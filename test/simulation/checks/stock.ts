import type { Product } from '../../../shared/domain/orders/order.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isInvalidNow, skippedAmount } from './damage.ts';
import { reservedOf } from './reserved.ts';
import {
  paymentsOf,
  productsOf,
  refundsOf,
  sumOf,
  unitsOf,
  unless,
  unlessEqual,
} from './stored-items.ts';

const inconsistencies = (product: Product): readonly string[] => {
  const { sku, available, reserved, sold, received } = product;

  return [
    ...unless(
      Math.min(available, reserved, sold) >= 0,
      () => `stock of ${sku} is negative: ${JSON.stringify(product)}`,
    ),
    ...unlessEqual(`available + reserved + sold of ${sku}`, available + reserved + sold, received),
  ];
};

const wrongParts = (run: RunRecord, { sku, reserved, sold }: Product): readonly string[] => {
  const target = `STOCK#${sku}`;
  const payments = paymentsOf(run);
  const completed = payments.filter(({ status }) => status === 'COMPLETED');
  const refunds = refundsOf(run).filter(({ status }) => status === 'SUCCEEDED');
  const unitsReserved = reservedOf(run, payments, target, ({ reservation }) =>
    unitsOf(reservation?.lines, sku),
  );
  const bought = sumOf(completed, ({ reservation }) => unitsOf(reservation?.lines, sku));
  const restocked = sumOf(refunds, ({ lines }) =>
    unitsOf(
      lines.filter(({ restock }) => restock),
      sku,
    ),
  );
  const notBooked = skippedAmount(completed, target) - skippedAmount(refunds, target);

  return [
    ...unlessEqual(`reserved of ${sku}`, reserved, unitsReserved),
    ...unlessEqual(`sold of ${sku}`, sold, bought - restocked - notBooked),
  ];
};

export const stock: Check = {
  name: 'stock',
  property:
    'The counts of a product are never negative and always add up to what was received; at the end, reserved is what open payments reserve and sold is what completed payments bought less what was restocked.',
  invariants: [2, 3, 8],
  // Another system may have removed a count for a while: then a write of the service is not to blame.
  onWrite: ({ table, after }, run) =>
    table === 'Products' && after && !isInvalidNow(run, `STOCK#${after.sku}`)
      ? inconsistencies(after as unknown as Product)
      : [],
  atEnd: (run) =>
    productsOf(run).flatMap((product) => [
      ...inconsistencies(product),
      ...wrongParts(run, product),
    ]),
};
