import { mayHaveGaps } from '../bounds.ts';
import { stockPartsOf } from '../orders/stock-shards.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentTransitionOf } from '../payments/payment-transitions.ts';
import { balanceAmountOf } from '../payments/tenders.ts';
import { chargeDiscrepancies } from './charges.ts';
import {
  type Discrepancy,
  discrepanciesFor,
  type Subject,
  type SubjectResult,
  sum,
} from './discrepancy.ts';
import type { RefundRecord } from './records.ts';
import { skipsOf } from './skipped-bookings.ts';
import {
  hasFinishedCompensation,
  type PaymentAccount,
  restoredAmount,
  type Snapshot,
} from './snapshot.ts';

/**
 * Compares every payment with its history, its compensation records, its refunds and its charges at the
 * gateway.
 */
export const comparePayments = ({ accounts, orphans, isStable }: Snapshot): SubjectResult[] => [
  ...accounts.map((account): SubjectResult => {
    const subject: Subject = { kind: 'payment', id: account.payment.paymentId };

    return {
      subject,
      isStable: isStable({ accounts: [account] }),
      discrepancies: [
        ...historyDiscrepancies(subject, account.payment),
        ...compensationDiscrepancies(subject, account),
        ...refundDiscrepancies(subject, account),
        ...chargeDiscrepancies(subject, account),
      ],
    };
  }),
  ...orphans.map((orphan): SubjectResult => {
    const subject: Subject = { kind: 'payment', id: orphan.paymentId };
    const [check, amount] =
      'refundId' in orphan
        ? [`refund ${orphan.refundId}`, orphan.amount]
        : [`${orphan.of} ${orphan.id} restored`, orphan.delta];

    // A new payment may appear with its records after the payments were read.
    return {
      subject,
      isStable: isStable({ payments: [orphan.paymentId] }),
      discrepancies: discrepanciesFor(subject, '').state(
        check,
        'without a payment',
        ['with a payment'],
        amount,
      ),
    };
  }),
];

/**
 * The history must lead to the current status by allowed transitions, without gaps unless it was compacted.
 */
const historyDiscrepancies = (
  subject: Subject,
  { history, status, version, amount, currency }: Payment,
) => {
  const { state } = discrepanciesFor(subject, currency);
  const isFull = mayHaveGaps(history);
  const isBroken = history.some((entry, index) => {
    const before = history[index - 1];
    const next = (before?.version ?? 0) + 1;

    return (
      (isFull ? entry.version < next : entry.version !== next) ||
      entry.from !== before?.to ||
      paymentTransitionOf(entry.from, entry.to) === undefined
    );
  });
  const last = `${history.at(-1)?.to} in version ${history.at(-1)?.version}`;

  return [
    ...state('history', isBroken ? 'broken' : 'complete', ['complete'], amount),
    ...state('state', `${status} in version ${version}`, [last], amount),
  ];
};

/** The records restore what a failed payment reserved, and all of it once its compensation has ended. */
const compensationDiscrepancies = (subject: Subject, account: PaymentAccount): Discrepancy[] => {
  const { payment, fundsState, restorations } = account;
  const { reservation, userId } = payment;
  const expected = [
    { of: 'balance', id: userId, reserved: reservation?.balance ?? 0, unit: payment.currency },
    ...(reservation?.lines ?? []).flatMap(stockPartsOf).map(({ sku: id, quantity: reserved }) => {
      return { of: 'stock', id, reserved, unit: 'units' } as const;
    }),
  ] as const;

  return [
    ...expected.flatMap(({ of, id, reserved, unit }) => {
      const restored = restoredAmount(account, of, id);
      if (restored === undefined && !hasFinishedCompensation(account)) return [];
      // A skipped restoration is compared in the item's own counters.
      if (skipsOf(account, of, id).some(({ during }) => during === 'compensation')) return [];

      return discrepanciesFor(subject, unit).count(
        `${of} ${id} restored`,
        restored ?? 0,
        fundsState === 'releasable' ? reserved : 0,
      );
    }),
    ...restorations
      .filter(({ of, id }) => !expected.some((each) => each.of === of && each.id === id))
      .flatMap(({ of, id, delta }) =>
        discrepanciesFor(subject, 'units').count(`${of} ${id} restored`, delta, 0),
      ),
  ];
};

const sumOf = (refunds: readonly RefundRecord[], part: 'amount' | 'gatewayAmount') =>
  sum(refunds.map((refund) => refund[part]));

const pendingStatuses: readonly RefundRecord['status'][] = ['REQUESTED', 'UNDER_REVIEW'];

/** The payment's refund totals and their gateway parts must match its refunds, and exceed no part of its amount. */
const refundDiscrepancies = (
  subject: Subject,
  { payment, refunds }: PaymentAccount,
): Discrepancy[] => {
  const { refunded, refundPending, gatewayAmount, currency } = payment;
  const { gatewayRefunded = 0, gatewayRefundPending = 0 } = payment;
  const { count } = discrepanciesFor(subject, currency);
  const succeeded = refunds.filter(({ status }) => status === 'SUCCEEDED');
  const pending = refunds.filter(({ status }) => pendingStatuses.includes(status));
  const atGateway = gatewayRefunded + gatewayRefundPending;
  const toBalance = refunded + refundPending - atGateway;
  const excess = (taken: number, part: number) => Math.max(taken - part, 0);

  return [
    ...count('refunded', refunded, sumOf(succeeded, 'amount')),
    ...count('refundPending', refundPending, sumOf(pending, 'amount')),
    ...count('gatewayRefunded', gatewayRefunded, sumOf(succeeded, 'gatewayAmount')),
    ...count('gatewayRefundPending', gatewayRefundPending, sumOf(pending, 'gatewayAmount')),
    ...count('gateway refunds above its part', excess(atGateway, gatewayAmount), 0),
    ...count('balance refunds above its part', excess(toBalance, balanceAmountOf(payment)), 0),
  ];
};
