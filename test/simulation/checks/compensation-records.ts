import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { compensationsOf, isPaymentUndone, paymentsOf, unlessEqual } from './stored-items.ts';

/**
 * The amount that each target of a payment gets back, by the key of its record. A payment that ended at accept
 * has reserved nothing, and the transaction that stored it has released its order.
 */
const expectedRecords = ({ userId, orderId, couponId, reservation, history }: Payment) => {
  if (history[0]?.to === 'COMPENSATED') return new Map<string, number>();

  return new Map<string, number>([
    ...(reservation?.lines ?? [{ sku: 'NONE', quantity: 0 }]).map(
      ({ sku, quantity }) => [`STOCK#${sku}`, quantity] as const,
    ),
    [`BALANCE#${userId}`, reservation?.balance ?? 0],
    [`ORDER#${orderId}`, 0],
    ...(couponId === undefined ? [] : [[`COUPON#${couponId}`, 0] as const]),
  ]);
};

const faultsOf = (run: RunRecord, payment: Payment): readonly string[] => {
  const { paymentId, status } = payment;
  const records = compensationsOf(run).filter((record) => record.paymentId === paymentId);
  const expected = expectedRecords(payment);
  const written = records.filter(({ outcome }) => !outcome.startsWith('target-'));
  const wrong = written.flatMap(({ target, delta }) =>
    unlessEqual(`the restored ${target} of ${paymentId}`, delta, expected.get(target)),
  );
  const found = new Set(records.map(({ target }) => target));
  const isDone = isPaymentUndone(payment) && status !== 'FAILED';
  const missing = isDone ? [...expected.keys()].filter((target) => !found.has(target)) : [];
  const isEarly = records.length > 0 && !isPaymentUndone(payment) && status !== 'IN_REVIEW';

  return [
    ...wrong,
    ...missing.map((target) => `${paymentId} is ${status} without a record of ${target}`),
    ...(isEarly ? [`${paymentId} is ${status} and has compensation records`] : []),
  ];
};

export const compensationRecords: Check = {
  name: 'compensation-records',
  property:
    'A compensation record is written once; a compensated payment has one for each target with exactly the reserved amount, and a payment that did not fail or that accept rejected has none.',
  invariants: [5, 8],
  onWrite: ({ table, before, by }) =>
    table === 'Compensations' && before
      ? [`the record ${before.target} of ${before.paymentId} is written again by ${by}`]
      : [],
  atEnd: (run) => paymentsOf(run).flatMap((payment) => faultsOf(run, payment)),
};
