import type { EventName } from '../../../shared/domain/events/domain-event.ts';
import { paymentTransitions } from '../../../shared/domain/payments/payment-transition-table.ts';
import { refundTransitions } from '../../../shared/domain/refunds/refund.ts';
import type { RunRecord } from '../run-record.ts';
import { paymentsOf, pointsEntriesOf, refundsOf } from './stored-items.ts';

/** An event that a stored version of an item has. */
export interface StoredEvent {
  readonly id: string;
  readonly name: EventName;
  readonly paymentId: string;
}

interface Row {
  readonly from: readonly string[];
  readonly to: string;
  readonly event?: EventName;
}

interface Entry {
  readonly event?: string;
  readonly version: number;
  readonly from?: string;
  readonly to: string;
}

/** The event of a step. Of several rows with the same step, none has an event. */
const eventOf = (rows: readonly Row[], { from, to }: Entry): EventName | undefined =>
  rows.find(
    (row) =>
      row.to === to && (from === undefined ? row.from.length === 0 : row.from.includes(from)),
  )?.event;

const eventsOfHistory = (
  rows: readonly Row[],
  subject: string,
  { paymentId, history }: { readonly paymentId: string; readonly history: readonly Entry[] },
): readonly StoredEvent[] =>
  history.flatMap((entry) => {
    const name = (entry.event as EventName | undefined) ?? eventOf(rows, entry);

    return name === undefined ? [] : [{ id: `${subject}-${entry.version}`, name, paymentId }];
  });

const paymentRows = Object.values(paymentTransitions);
const refundRows = Object.values(refundTransitions);

/** The first entry of a payment's points adds them; a later one corrects them, if it changes anything. */
const pointsEvents = (run: Pick<RunRecord, 'tables'>): readonly StoredEvent[] =>
  pointsEntriesOf(run).flatMap(({ paymentId, history }) =>
    history.flatMap(({ points }, index): StoredEvent[] => {
      const change = points - (history[index - 1]?.points ?? 0);
      if (change === 0) return [];
      const name = index === 0 ? 'PointsAdded' : 'PointsCorrected';

      return [{ id: `points_${paymentId}-${index + 1}`, name, paymentId }];
    }),
  );

/** Every event that the stored versions of payments, refunds and points have. */
export const storedEventsOf = (run: Pick<RunRecord, 'tables'>): readonly StoredEvent[] => [
  ...paymentsOf(run).flatMap((payment) => eventsOfHistory(paymentRows, payment.paymentId, payment)),
  ...refundsOf(run).flatMap((refund) => eventsOfHistory(refundRows, refund.refundId, refund)),
  ...pointsEvents(run),
];
