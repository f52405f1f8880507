import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import type { Check } from './check.ts';
import { paymentsOf, refundsOf } from './stored-items.ts';

/** From this length on, entries may have been dropped: see the bounds of an item. */
const compactedFrom = 99;

const faultsOf = (
  id: string,
  { status, version, history }: Payment | Refund,
): readonly string[] => {
  const faults: string[] = [];
  let previous: string | undefined;
  for (const [index, entry] of history.entries()) {
    if (entry.version !== index + 1)
      faults.push(`${id}: entry ${index + 1} has version ${entry.version}`);
    if (entry.from !== previous)
      faults.push(`${id}: version ${entry.version} is from ${entry.from}, not from ${previous}`);
    previous = entry.to;
  }
  if (history.length !== version)
    faults.push(`${id}: version ${version} has ${history.length} entries of history`);
  if (previous !== status) faults.push(`${id}: is ${status}, its history ends with ${previous}`);

  return faults;
};

export const histories: Check = {
  name: 'histories',
  property:
    'The history of a payment or refund has one entry for each version, without a gap, and each entry begins where the last one ended.',
  invariants: [7],
  atEnd: (run) =>
    [
      ...paymentsOf(run).map((payment) => ({ id: payment.paymentId, item: payment })),
      ...refundsOf(run).map((refund) => ({ id: refund.refundId, item: refund })),
    ].flatMap(({ id, item }) => (item.history.length < compactedFrom ? faultsOf(id, item) : [])),
};
