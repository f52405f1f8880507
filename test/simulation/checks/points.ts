import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isLostTo } from './lost-events.ts';
import { type Sale, salesOf } from './sales.ts';
import { pointsEntriesOf, unlessEqual } from './stored-items.ts';

/** The rate of every stage: one per cent, rounded down. */
const pointsFor = (amount: number): number => Math.floor(amount / 100);

/** An event that a fault lost on the bus is not replayed: then the points may be those of an earlier version. */
const faultsOf = (run: RunRecord, paymentId: string, sales: readonly Sale[]): readonly string[] => {
  const entry = pointsEntriesOf(run).find((each) => each.paymentId === paymentId);
  const due = sales.filter(({ eventId }) => !isLostTo(run, 'add-loyalty-points', eventId));
  if (entry === undefined) return due.length === 0 ? [] : [`${paymentId} has no points`];
  const latest = Math.max(0, ...due.map(({ paymentVersion }) => paymentVersion));
  const sale = sales.find(({ paymentVersion }) => paymentVersion === entry.paymentVersion);
  if (sale === undefined) return [`${paymentId} has points of version ${entry.paymentVersion}`];
  if (entry.paymentVersion < latest)
    return [`${paymentId} has points of version ${entry.paymentVersion}, not of ${latest}`];

  return [
    ...unlessEqual(`points of ${paymentId}`, entry.points, pointsFor(sale.remainingAmount)),
    ...unlessEqual(`buyer of the points of ${paymentId}`, entry.userId, sale.userId),
  ];
};

export const points: Check = {
  name: 'points',
  property: 'The points of a payment are those of its amount less its refunds.',
  invariants: [7],
  atEnd: (run) => {
    const sales = Map.groupBy(salesOf(run), ({ paymentId }) => paymentId);
    const entries = pointsEntriesOf(run);
    const strangers = entries.filter(({ paymentId }) => !sales.has(paymentId));

    return [
      ...[...sales].flatMap(([paymentId, list]) => faultsOf(run, paymentId, list)),
      ...strangers.map(({ paymentId }) => `${paymentId} has points and never completed`),
    ];
  },
};
