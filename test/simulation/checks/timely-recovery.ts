import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { Item } from '../aws/dynamodb/values.ts';
import type { RunRecord, Stage } from '../run-record.ts';
import type { Check } from './check.ts';
import { unless } from './stored-items.ts';

/** The fields that identify the items with a due time. */
const idOf: Readonly<Record<string, string>> = {
  Payments: 'paymentId',
  Refunds: 'refundId',
  Orders: 'orderId',
};

/**
 * The grace of the sweeper, the minute between two sweeps, and a minute for an index that lags behind and for the
 * recovery itself.
 */
const boundMs: Readonly<Record<Stage, number>> = { local: 140_000, sandbox: 420_000 };

const timingsOf = { local: timings.local, sandbox: timings.cloud } as const;

/** When an item is due, epoch ms: a claimed payment not before the end of its lease. */
const dueAtOf = ({ status, dueAt, claimExpiresAt = dueAt }: Item): number =>
  Math.max(
    Date.parse(`${dueAt}`),
    status === 'CHARGING' ? Date.parse(`${claimExpiresAt}`) : Number.NEGATIVE_INFINITY,
  );

/** Until when a payment may wait for its buyer, epoch ms: to the end of its hold, or for a while after its claim. */
const waitEndsAt = (
  { status, createdAt, history }: Pick<Payment, 'status' | 'createdAt' | 'history'>,
  stage: Stage,
): number | undefined => {
  const { holdExpiryMs, actionExpiryMs } = timingsOf[stage];
  if (status === 'REQUIRES_METHOD') return Date.parse(createdAt) + holdExpiryMs;
  const claimedAt = history.findLast(({ to }) => to === 'CHARGING')?.at ?? createdAt;

  return status === 'REQUIRES_ACTION' ? Date.parse(claimedAt) + actionExpiryMs : undefined;
};

const faultsOf = (
  { table, before, at, by }: ItemWrite,
  { stage, calmAt }: RunRecord,
): readonly string[] => {
  const id = idOf[table];
  if (id === undefined || typeof before?.dueAt !== 'string') return [];
  const isCalm = calmAt > 0;
  const waitEnd =
    table === 'Payments' ? waitEndsAt(before as unknown as Payment, stage) : undefined;
  const dueAt = Math.min(dueAtOf(before), waitEnd ?? Number.POSITIVE_INFINITY);
  const lateMs = at - Math.max(dueAt, calmAt);

  return unless(
    !isCalm || lateMs <= boundMs[stage],
    () =>
      `${before[id]} was due at ${new Date(dueAt).toISOString()} and waited for ${lateMs / 1_000} s, until ${by}`,
  );
};

/** A fault may keep the sweeper away for as long as it lasts. */
export const timelyRecovery: Check = {
  name: 'timely-recovery',
  property:
    'After the last fault, a payment, refund or order that is due, and a payment whose buyer may no longer act, is written within minutes: by the function that works on it, or by the sweeper.',
  invariants: [9],
  onWrite: faultsOf,
};
