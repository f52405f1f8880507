import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { Check } from './check.ts';
import { unless } from './stored-items.ts';

/** The fields of each versioned table that identify an item, and those that change only with its version. */
const versionedTables: Readonly<
  Record<string, { readonly id: string; readonly guarded: readonly string[] }>
> = {
  Payments: {
    id: 'paymentId',
    guarded: ['status', 'amount', 'attempt', 'refunded', 'refundPending', 'refundedUnits'],
  },
  Refunds: { id: 'refundId', guarded: ['status', 'amount', 'attempts', 'remainingAmount'] },
  Orders: { id: 'orderId', guarded: ['status', 'total', 'activePaymentId', 'cancelReason'] },
};

const lengthOfHistory = ({ history }: Readonly<Record<string, unknown>>): number =>
  Array.isArray(history) ? history.length : 0;

const faultsOf = ({ table, before, after, by }: ItemWrite): readonly string[] => {
  const settings = versionedTables[table];
  if (settings === undefined) return [];
  const { id, guarded } = settings;
  if (after === undefined) return [`${table}: ${before?.[id]} is deleted by ${by}`];
  const name = `${after[id]} by ${by}`;
  const [from, to] = [before?.version ?? 0, after.version];
  if (to === Number(from) + 1) return [];
  if (before === undefined || to !== from) return [`${name}: version ${from} becomes ${to}`];

  return [
    ...guarded.flatMap((field) =>
      unless(
        before[field] === after[field],
        () => `${name}: ${field} ${before[field]} becomes ${after[field]} within version ${to}`,
      ),
    ),
    ...unless(
      lengthOfHistory(before) === lengthOfHistory(after),
      () => `${name}: the history changes within version ${to}`,
    ),
  ];
};

export const versions: Check = {
  name: 'versions',
  property:
    'Each write of a payment, refund or order makes the next version, or keeps the version and changes neither status nor amounts nor history.',
  invariants: [7],
  onWrite: faultsOf,
};
