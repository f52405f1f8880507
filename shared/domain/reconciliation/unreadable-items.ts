import type * as z from 'zod';
import { stockPartsOf } from '../orders/stock-shards.ts';
import { discrepanciesFor, type Subject, type SubjectResult } from './discrepancy.ts';
import type { UnreadableItem } from './records.ts';
import type { Snapshot } from './snapshot.ts';

export const subjectKeyOf = ({ kind, id }: Subject): string => `${kind} ${id}`;

const kinds = {
  payments: ['payment', 'paymentId'],
  compensations: ['payment', 'paymentId'],
  refunds: ['payment', 'paymentId'],
  orders: ['order', 'orderId'],
  balances: ['buyer', 'userId'],
  products: ['product', 'sku'],
  coupons: ['coupon', 'couponId'],
} as const satisfies Record<string, readonly [Subject['kind'], string]>;

/** The tables whose items a reconciliation reads. */
export type ReconciledTable = keyof typeof kinds;

type Item = Readonly<Record<string, unknown>>;

const textsOf = (item: Item, ...names: readonly string[]): string[] =>
  names.map((name) => item[name]).filter((value) => typeof value === 'string');

/**
 * Describes an item that does not match its table's schema: its subject, its faults, and the subjects it
 * affects.
 */
export const describeUnreadable = (
  table: ReconciledTable,
  item: Item,
  issues: readonly z.core.$ZodIssue[],
): UnreadableItem => {
  const [kind, attribute] = kinds[table];
  const [id = 'unnamed'] = textsOf(item, attribute);
  const [userId] = textsOf(item, 'userId');
  const faults = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const name = kind === 'coupon' && userId !== undefined ? `${userId}/${id}` : id;

  return {
    kind,
    id: name,
    reason: `unreadable in ${table}: ${faults.join('; ')}`,
    affects: affectedSubjects(item, kind, userId),
  };
};

const listOf = (value: unknown) => (Array.isArray(value) ? value : []);

const affectedSubjects = (item: Item, kind: Subject['kind'], userId?: string): Subject[] => {
  const coupons = textsOf(item, 'couponId').map(
    (id) => ({ kind: 'coupon', id: `${userId}/${id}` }) as const,
  );
  if (kind === 'order') return coupons;
  if (kind !== 'payment') return [];
  const { lines = [] } = (item.reservation ?? {}) as { lines?: unknown };
  const skus = listOf(lines).flatMap((line) =>
    [line, ...listOf(line?.parts)].flatMap((each) => textsOf(each ?? {}, 'sku')),
  );

  return [
    ...coupons,
    ...textsOf(item, 'userId').map((id) => ({ kind: 'buyer', id }) as const),
    ...textsOf(item, 'orderId').map((id) => ({ kind: 'order', id }) as const),
    ...textsOf(item, 'paymentId').map((id) => ({ kind: 'charge', id }) as const),
    ...skus.map((id) => ({ kind: 'product', id }) as const),
  ];
};

/** One result per subject with unreadable items. */
export const unreadableResults = ({ unreadable }: Snapshot): SubjectResult[] =>
  [...Map.groupBy(unreadable, subjectKeyOf).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const subject: Subject = { kind: first.kind, id: first.id };
    const { state } = discrepanciesFor(subject, '');

    return [
      {
        subject,
        isStable: true,
        discrepancies: [first, ...more].flatMap(({ reason }) =>
          state('item', reason, ['readable'], 0),
        ),
      },
    ];
  });

/** Drops the results of subjects that an unreadable item affects, so that one fault gives one result. */
export const comparableResults = (
  snapshot: Snapshot,
  results: readonly SubjectResult[],
): readonly SubjectResult[] => {
  if (snapshot.unreadable.length === 0) return results;
  const excluded = new Set(
    snapshot.unreadable.flatMap(({ kind, id, affects }) =>
      [{ kind, id }, ...affects].map(subjectKeyOf),
    ),
  );
  for (const subject of relatedSubjects(excluded, snapshot)) excluded.add(subjectKeyOf(subject));

  return results.filter(({ subject }) => !excluded.has(subjectKeyOf(subject)));
};

/** The subjects related to excluded ones, by the payments, orders and coupons that can be read. */
const relatedSubjects = (excluded: ReadonlySet<string>, snapshot: Snapshot): Subject[] => {
  const { accounts, orders, coupons, unreadable } = snapshot;
  const isExcluded = (kind: Subject['kind'], id = '') => excluded.has(subjectKeyOf({ kind, id }));
  const ofPayments = unreadable.flatMap(({ kind, affects }) => (kind === 'payment' ? affects : []));
  const named = new Set(ofPayments.map(subjectKeyOf));

  return [
    ...accounts
      .filter(({ payment }) => isExcluded('payment', payment.paymentId))
      .flatMap(({ payment: { userId, orderId, couponId, reservation } }) => [
        { kind: 'buyer', id: userId } as const,
        { kind: 'order', id: orderId } as const,
        ...(couponId ? [{ kind: 'coupon', id: `${userId}/${couponId}` } as const] : []),
        ...(reservation?.lines ?? [])
          .flatMap(stockPartsOf)
          .map(({ sku: id }) => ({ kind: 'product', id }) as const),
      ]),
    ...orders
      .filter(({ orderId: id }) => named.has(subjectKeyOf({ kind: 'order', id })))
      .flatMap(({ userId, lines }) => [
        { kind: 'buyer', id: userId } as const,
        ...lines.map(({ sku: id }) => ({ kind: 'product', id }) as const),
      ]),
    ...coupons
      .filter(({ orderId }) => isExcluded('order', orderId))
      .map(({ userId, couponId }) => ({ kind: 'coupon', id: `${userId}/${couponId}` }) as const),
  ];
};
