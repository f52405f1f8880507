import type { Database } from '../../config/platform.ts';
import type { OpenMatter } from '../../domain/erasure/open-matters.ts';
import { pseudonymise, pseudonymOf } from '../../domain/erasure/pseudonymise.ts';
import type { AuditEntry, AuditLog } from '../../persistence/audit-log.ts';
import type { Write } from '../../persistence/dynamodb/expressions.ts';
import { tryCommit } from '../../persistence/dynamodb/transaction.ts';
import type { ErasedTables, ErasureReader } from '../../persistence/erasure-reader.ts';
import { createErasureWrites, type ErasureWrites } from '../../persistence/erasure-writes.ts';
import { type BuyersItems, openMattersOf, readBuyer, reportInterval } from './buyers-items.ts';

interface Stores {
  readonly db: Database;
  readonly tables: ErasedTables;
  readonly reader: ErasureReader;
  readonly audits: Pick<AuditLog, 'append'>;
}

interface ErasureRequest {
  readonly userId: string;
  /** The operator, as the audit log names them. */
  readonly actor: string;
  readonly reason: string;
  readonly isDryRun: boolean;
  /** How long nothing of the buyer may have changed, so that no event with the id is on its way. */
  readonly settledMs: number;
  /** Called with a line for people while it takes long. */
  readonly report?: (line: string) => void;
}

const kinds = [
  'orders',
  'payments',
  'refunds',
  'reviews',
  'audits',
  'coupons',
  'points',
  'balances',
] as const;

/** The number of items of each kind. */
type ErasureCounts = Readonly<Record<(typeof kinds)[number], number>>;

export interface ErasureResult {
  /** What was found at first. */
  readonly found: ErasureCounts;
  /** What was erased. All 0 after a dry run. */
  readonly erased: ErasureCounts;
  /** What prevents it. If it is not empty at first, nothing is written. */
  readonly open: readonly OpenMatter[];
  /** The id that the items have now. Absent if nothing was written. */
  readonly pseudonym?: string;
}

/** Items that change meanwhile are read again, so often at most. */
const maxRounds = 3;

const countBy = (count: (kind: (typeof kinds)[number]) => number): ErasureCounts =>
  Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as ErasureCounts;

/**
 * Erases a buyer: a random pseudonym takes their place in the books, and what is not part of the books is deleted.
 * Refuses while something is open. Each step is a transaction that leaves the books right, so an ended run loses
 * nothing and the next one continues, under another pseudonym.
 */
export const createEraseBuyer =
  ({ db, tables, reader, audits }: Stores) =>
  async (request: ErasureRequest): Promise<ErasureResult> => {
    const { userId, actor, settledMs, report = () => {} } = request;
    const now = () => db.runtime.clock.now();
    const read = async (): Promise<BuyersItems> => readBuyer(reader, userId, report);
    const openOf = (items: BuyersItems) =>
      openMattersOf(items, new Date(now().getTime() - settledMs));

    let items = await read();
    const found = countsOf(items);
    const isNothing = Object.values(found).every((count) => count === 0);
    const open = openOf(items);
    if (request.isDryRun || isNothing || open.length > 0)
      return { found, erased: countBy(() => 0), open };

    const pseudonym = pseudonymOf(db.runtime.randomId());
    const buyer = { userId, pseudonym };
    const writes = createErasureWrites(tables, buyer);
    const { reason } = pseudonymise({ reason: request.reason }, buyer);
    const entry = (action: string, detail: object): AuditEntry => ({
      at: now().toISOString(),
      actor,
      scope: 'aws-credentials',
      reason,
      action,
      subject: `${pseudonym} ${action}`,
      detail,
    });
    await audits.append(entry('erase-buyer', { found }));
    const erased = countBy(() => 0) as Record<(typeof kinds)[number], number>;
    let opened: readonly OpenMatter[] = [];
    for (let round = 0; round < maxRounds && opened.length === 0; round += 1) {
      const steps = stepsOf(items, writes);
      if (steps.length === 0) break;
      for (const [index, { kind, write }] of steps.entries()) {
        if (await tryCommit(db, write())) erased[kind] += 1;
        if ((index + 1) % reportInterval === 0)
          report(`${index + 1} of ${steps.length} transactions`);
      }
      items = await read();
      opened = openOf(items);
    }
    const left = opened.length > 0 ? opened : unchangedOf(items);
    await audits.append(entry('erase-buyer-ended', { erased, left: left.length }));

    return { found, erased, open: left, pseudonym };
  };

const countsOf = ({ payments, balance, ...lists }: BuyersItems): ErasureCounts =>
  countBy((kind) => {
    if (kind === 'payments') return payments.length;
    if (kind === 'refunds') return payments.flatMap(({ refunds }) => refunds).length;
    if (kind === 'balances') return balance === undefined ? 0 : 1;

    return lists[kind].length;
  });

interface Step {
  readonly kind: (typeof kinds)[number];
  readonly write: () => readonly Write[];
}

/** A payment follows what is found through it, and the balance follows the payments. */
const stepsOf = (
  { orders, payments, reviews, audits, coupons, points, balance }: BuyersItems,
  writes: ErasureWrites,
): Step[] => {
  const stepsFor = <T>(
    kind: Step['kind'],
    all: readonly T[],
    write: (item: T) => readonly Write[],
  ): Step[] => all.map((item) => ({ kind, write: () => write(item) }));
  const isUsedBy = (orderId: string) => (coupon: (typeof coupons)[number]) =>
    coupon.status === 'USED' && coupon.orderId === orderId;
  const unused = coupons.filter(
    (coupon) => !orders.some(({ orderId }) => isUsedBy(orderId)(coupon)),
  );

  return [
    ...stepsFor('reviews', reviews, writes.review),
    ...stepsFor('audits', audits, writes.audit),
    ...payments.flatMap(({ payment, refunds, compensations }) => [
      ...stepsFor('refunds', refunds, writes.refund),
      ...stepsFor('payments', [payment], (one) => writes.payment(one, compensations)),
    ]),
    ...stepsFor('orders', orders, (order) =>
      writes.order(order, coupons.filter(isUsedBy(order.orderId))),
    ),
    ...stepsFor('coupons', unused, writes.coupon),
    ...stepsFor('points', points, writes.points),
    ...stepsFor('balances', balance === undefined ? [] : [balance], writes.balance),
  ];
};

/** What is left although nothing prevents it: it changes, or the books do not add up. */
const unchangedOf = (items: BuyersItems): OpenMatter[] => {
  const counts = countsOf(items);

  return kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => ({
      item: kind,
      reason: `${counts[kind]} not erased: run it again, and npm run reconcile if it repeats`,
    }));
};
