import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { Check } from './check.ts';

/** The statuses that may follow a final status. */
const followers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // A capture that the gateway reports after the compensation is refunded.
  Payments: { COMPLETED: [], REVERSED: [], COMPENSATED: ['LATE_CAPTURED'] },
  Refunds: { SUCCEEDED: [], FAILED: [] },
  Orders: {
    CANCELLED: [],
    REFUNDED: [],
    PARTIALLY_REFUNDED: ['REFUNDED'],
    COMPLETED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  },
  Reviews: { RESOLVED: [] },
};

const faultsOf = ({ table, before, after, by }: ItemWrite): readonly string[] => {
  const allowed = followers[table]?.[String(before?.status)];
  if (allowed === undefined || before?.status === after?.status) return [];
  if (allowed.includes(String(after?.status))) return [];
  const id = before?.refundId ?? before?.reviewId ?? before?.paymentId ?? before?.orderId;

  return [`${table}: ${id} leaves ${before?.status} for ${after?.status} (by ${by})`];
};

export const finalStatuses: Check = {
  name: 'final-statuses',
  property:
    'A completed or reversed payment, an ended refund, an ended order and a resolved review keep their status for ever.',
  invariants: [7],
  onWrite: faultsOf,
};
