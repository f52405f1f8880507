import type * as z from 'zod';
import type { ledgerShapes } from '../../persistence/reconciliation-item-schemas.ts';
import { comparing, type Finding, type Subject } from './discrepancy.ts';
import type { Unreadable } from './records.ts';
import type { View } from './snapshot.ts';

export const subjectKey = ({ kind, id }: Subject): string => `${kind} ${id}`;

const kinds = {
  payments: ['payment', 'paymentId'],
  compensations: ['payment', 'paymentId'],
  refunds: ['payment', 'paymentId'],
  orders: ['order', 'orderId'],
  balances: ['buyer', 'userId'],
  products: ['product', 'sku'],
  coupons: ['coupon', 'couponId'],
} as const satisfies Record<keyof typeof ledgerShapes, readonly [Subject['kind'], string]>;

type Item = Readonly<Record<string, unknown>>;

const textsOf = (item: Item, ...names: readonly string[]): string[] =>
  names.map((name) => item[name]).filter((value) => typeof value === 'string');

/** What is said of an item that is not as its table promises: whom it is about, what is wrong, and what else cannot be judged without it. */
export const unreadableOf = (
  table: keyof typeof ledgerShapes,
  item: Item,
  issues: readonly z.core.$ZodIssue[],
): Unreadable => {
  const [kind, attribute] = kinds[table];
  const [id = 'unnamed'] = textsOf(item, attribute);
  const [userId] = textsOf(item, 'userId');
  const faults = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const name = kind === 'coupon' && userId !== undefined ? `${userId}/${id}` : id;

  return {
    kind,
    id: name,
    why: `unreadable in ${table}: ${faults.join('; ')}`,
    touches: touchedBy(item, kind, userId),
  };
};

const touchedBy = (item: Item, kind: Subject['kind'], userId?: string): Subject[] => {
  const coupons = textsOf(item, 'couponId').map(
    (id) => ({ kind: 'coupon', id: `${userId}/${id}` }) as const,
  );
  if (kind === 'order') return coupons;
  if (kind !== 'payment') return [];
  const { lines = [] } = (item.reservation ?? {}) as { lines?: unknown };
  const skus = Array.isArray(lines) ? lines.flatMap((line) => textsOf(line ?? {}, 'sku')) : [];

  return [
    ...coupons,
    ...textsOf(item, 'userId').map((id) => ({ kind: 'buyer', id }) as const),
    ...textsOf(item, 'orderId').map((id) => ({ kind: 'order', id }) as const),
    ...textsOf(item, 'paymentId').map((id) => ({ kind: 'charge', id }) as const),
    ...skus.map((id) => ({ kind: 'product', id }) as const),
  ];
};

/** The items that cannot be read, as one finding for each whom they are about. */
export const unreadableFindings = ({ unreadable }: View): Finding[] =>
  [...Map.groupBy(unreadable, subjectKey).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const subject: Subject = { kind: first.kind, id: first.id };
    const { state } = comparing(subject, '');

    return [
      {
        subject,
        isStill: true,
        disagreements: [first, ...more].flatMap(({ why }) => state('item', why, ['readable'], 0)),
      },
    ];
  });

/** The findings without those of subjects that cannot be judged while an item of theirs cannot be read: that is one finding, not many. */
export const judgeable = (view: View, findings: readonly Finding[]): readonly Finding[] => {
  if (view.unreadable.length === 0) return findings;
  const suspended = new Set(
    view.unreadable.flatMap(({ kind, id, touches }) => [{ kind, id }, ...touches].map(subjectKey)),
  );
  for (const subject of relatedTo(suspended, view)) suspended.add(subjectKey(subject));

  return findings.filter(({ subject }) => !suspended.has(subjectKey(subject)));
};

/** What payments and orders that can be read say of those that cannot. */
const relatedTo = (suspended: ReadonlySet<string>, view: View): Subject[] => {
  const { accounts, orders, coupons, unreadable } = view;
  const isSuspended = (kind: Subject['kind'], id = '') => suspended.has(subjectKey({ kind, id }));
  const ofPayments = unreadable.flatMap(({ kind, touches }) => (kind === 'payment' ? touches : []));
  const named = new Set(ofPayments.map(subjectKey));

  return [
    ...accounts
      .filter(({ payment }) => isSuspended('payment', payment.paymentId))
      .flatMap(({ payment: { userId, orderId, couponId, reservation } }) => [
        { kind: 'buyer', id: userId } as const,
        { kind: 'order', id: orderId } as const,
        ...(couponId ? [{ kind: 'coupon', id: `${userId}/${couponId}` } as const] : []),
        ...(reservation?.lines ?? []).map(({ sku: id }) => ({ kind: 'product', id }) as const),
      ]),
    ...orders
      .filter(({ orderId: id }) => named.has(subjectKey({ kind: 'order', id })))
      .flatMap(({ userId, lines }) => [
        { kind: 'buyer', id: userId } as const,
        ...lines.map(({ sku: id }) => ({ kind: 'product', id }) as const),
      ]),
    ...coupons
      .filter(({ orderId }) => isSuspended('order', orderId))
      .map(({ userId, couponId }) => ({ kind: 'coupon', id: `${userId}/${couponId}` }) as const),
  ];
};
