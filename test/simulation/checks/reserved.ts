import type { CompensationRecord } from '../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { RunRecord } from '../run-record.ts';
import { skippedAmount } from './damage.ts';
import { compensationsOf, sumOf } from './stored-items.ts';

/**
 * How much a payment still reserves of one target, such as `STOCK#tea`: all of it until it completes, and after it
 * failed what its compensation has not restored. A booking that was skipped leaves it reserved.
 */
const stillReserved = (
  payment: Payment,
  records: readonly CompensationRecord[],
  target: string,
  reserved: number,
): number => {
  if (payment.status === 'COMPLETED') return skippedAmount([payment], target);
  const restored = records.filter(
    (record) => record.paymentId === payment.paymentId && record.target === target,
  );

  return reserved - sumOf(restored, ({ delta }) => delta);
};

/** The sum that payments still reserve of one target. */
export const reservedOf = (
  run: Pick<RunRecord, 'tables'>,
  payments: readonly Payment[],
  target: string,
  reserve: (payment: Payment) => number,
): number => {
  const records = compensationsOf(run);

  return sumOf(payments, (payment) => stillReserved(payment, records, target, reserve(payment)));
};
