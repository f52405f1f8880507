import { paymentTransitions } from '../../../shared/domain/payments/payment-transition-table.ts';
import { refundTransitions } from '../../../shared/domain/refunds/refund.ts';
import type { HistoryEntry } from '../../../shared/domain/state-machine.ts';
import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import type { Check } from './check.ts';

/** A step of a transition table. */
export interface TransitionRow {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  /** The functions that may write it. */
  readonly actors: readonly string[];
}

const conclude = ['charge-payment', 'inquire-payment', 'resolve-review'];
const settle = ['execute-refund', 'resolve-review'];
const requestRefund = ['request-refund', 'request-operator-refund', 'refund-cancelled-payment'];

const paymentActors: Readonly<Record<keyof typeof paymentTransitions, readonly string[]>> = {
  accepted: ['accept-payment'],
  methodRequired: ['accept-payment'],
  confirmed: ['confirm-payment'],
  actionRequired: ['charge-payment', 'inquire-payment'],
  declinedKept: ['charge-payment', 'inquire-payment'],
  disputed: ['inquire-payment'],
  disputeClosed: ['inquire-payment'],
  refundedElsewhere: ['inquire-payment'],
  acceptRejected: ['accept-payment'],
  rejectionStored: ['accept-payment'],
  claimed: ['charge-payment'],
  chargeNotSent: ['charge-payment'],
  holdReleased: [
    'cancel-payment',
    'cancel-operator-payment',
    'charge-payment',
    'confirm-payment',
    'sweep-payments',
  ],
  captured: conclude,
  declined: conclude,
  outcomeUnknown: ['charge-payment', 'sweep-payments', 'inquire-payment'],
  inquiryInconclusive: ['inquire-payment'],
  reviewOpened: ['charge-payment', 'inquire-payment', 'finish-compensation'],
  compensationStarted: ['compensate-payment'],
  compensated: ['compensate-payment', 'finish-compensation'],
  lateCaptured: ['inquire-payment'],
  lateCaptureRuledOut: ['inquire-payment'],
  reversalUnconfirmed: ['inquire-payment'],
  reversed: ['inquire-payment', 'resolve-review'],
  refundRequested: requestRefund,
  refundSettled: settle,
  refundFailed: settle,
};

const refundActors: Readonly<Record<keyof typeof refundTransitions, readonly string[]>> = {
  requested: requestRefund,
  recorded: ['resolve-review'],
  attemptInconclusive: ['execute-refund'],
  succeeded: settle,
  failed: settle,
  reviewOpened: ['execute-refund'],
};

const rowsOf = <Name extends string>(
  table: Readonly<Record<Name, Pick<TransitionRow, 'from' | 'to'>>>,
  actors: Readonly<Record<Name, readonly string[]>>,
): readonly TransitionRow[] =>
  (Object.keys(table) as Name[]).map((name) => ({ ...table[name], name, actors: actors[name] }));

/** The tables of payments, refunds and orders. */
export const transitionTables: Readonly<
  Record<string, { readonly id: string; readonly rows: readonly TransitionRow[] }>
> = {
  Payments: { id: 'paymentId', rows: rowsOf(paymentTransitions, paymentActors) },
  Refunds: { id: 'refundId', rows: rowsOf(refundTransitions, refundActors) },
  Orders: {
    id: 'orderId',
    rows: [
      { name: 'placed', from: [], to: 'PENDING_PAYMENT', actors: ['create-order'] },
      { name: 'assigned', from: ['PENDING_PAYMENT'], to: 'PAYING', actors: ['accept-payment'] },
      {
        name: 'cancelled',
        from: ['PENDING_PAYMENT'],
        to: 'CANCELLED',
        actors: ['cancel-order', 'sweep-payments', 'accept-payment', 'release-order'],
      },
      {
        name: 'released',
        from: ['PAYING'],
        to: 'CANCELLED',
        actors: ['compensate-payment', 'release-order'],
      },
      { name: 'completed', from: ['PAYING'], to: 'COMPLETED', actors: conclude },
      // A return of units that cost nothing keeps the status.
      { name: 'returned', from: ['COMPLETED'], to: 'COMPLETED', actors: settle },
      {
        name: 'partiallyRefunded',
        from: ['COMPLETED', 'PARTIALLY_REFUNDED'],
        to: 'PARTIALLY_REFUNDED',
        actors: settle,
      },
      {
        name: 'refunded',
        from: ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'],
        to: 'REFUNDED',
        actors: settle,
      },
    ],
  },
};

const faultsOf = ({ table, before, after, by }: ItemWrite): readonly string[] => {
  const known = transitionTables[table];
  if (known === undefined || after === undefined || before?.version === after.version) return [];
  const { id, rows } = known;
  const [from, to] = [before?.status as string | undefined, String(after.status)];
  const step = `${after[id]}: ${from ?? 'nothing'} to ${to}`;
  const matching = rows.filter(
    (row) =>
      row.to === to && (from === undefined ? row.from.length === 0 : row.from.includes(from)),
  );
  if (matching.length === 0) return [`${step} is not allowed (by ${by})`];
  if (!matching.some(({ actors }) => actors.includes(by))) return [`${step} is not for ${by}`];
  if (table === 'Orders') return [];
  const last = (after.history as readonly HistoryEntry<string>[] | undefined)?.at(-1);
  const isRecorded =
    last?.version === after.version && last?.from === from && last?.to === to && last?.by === by;

  return isRecorded ? [] : [`${step} by ${by} is in the history as ${JSON.stringify(last)}`];
};

export const transitions: Check = {
  name: 'transitions',
  property:
    'Each new version of a payment, refund or order is a step of its transition table, is written by a function that may make this step, and is the last entry of the history.',
  invariants: [5, 7],
  onWrite: faultsOf,
};
