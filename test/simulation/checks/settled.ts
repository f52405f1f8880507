import type { RunRecord, Stage } from '../run-record.ts';
import type { Check } from './check.ts';
import {
  describePayment,
  isPaymentFinal,
  ordersOf,
  paymentsOf,
  refundsOf,
  reviewsOf,
} from './stored-items.ts';

const hourMs = 3_600_000;

/**
 * How long after the calm everything must have ended. Locally the longest wait is an operator's; with the timings of
 * the cloud, the inquiries and the late-capture checks of one payment take more than a day each.
 */
const boundMs: Readonly<Record<Stage, number>> = { local: 3 * hourMs, sandbox: 8 * 24 * hourMs };

const openItems = (run: RunRecord): readonly string[] => {
  const inReview = new Set(
    reviewsOf(run)
      .filter(({ status }) => status === 'OPEN')
      .map(({ refundId, paymentId }) => refundId ?? paymentId),
  );

  return [
    ...paymentsOf(run)
      .filter((payment) => !isPaymentFinal(payment) || payment.dueAt !== undefined)
      .filter(({ paymentId }) => !inReview.has(paymentId))
      .map((payment) => `${describePayment(payment)} is open, due ${payment.dueAt}`),
    ...refundsOf(run)
      .filter(({ status, dueAt }) => /REQUESTED|UNDER_REVIEW/.test(status) || dueAt !== undefined)
      .filter(({ refundId }) => !inReview.has(refundId))
      .map(({ refundId, status, dueAt }) => `${refundId} is open: ${status}, due ${dueAt}`),
  ];
};

/** The sweeper runs every minute, in the cloud after a grace of five. */
const sweepMs = 10 * 60_000;

const overdueOrders = (run: RunRecord): readonly string[] =>
  ordersOf(run)
    .filter(({ dueAt }) => dueAt !== undefined && Date.parse(dueAt) + sweepMs < run.now)
    .map(({ orderId, status, dueAt }) => `${orderId} is ${status} and due since ${dueAt}`);

export const settled: Check = {
  name: 'settled',
  property:
    'After the calm each payment and refund ends or waits in an open review, and nothing is due and no message waits, within three hours of local timings and eight days of cloud timings.',
  invariants: [9],
  atEnd: (run) => {
    const { settledAt, calmAt, now, stage } = run;
    const open = [...openItems(run), ...overdueOrders(run)];
    if (open.length > 0) return open;
    const lastedMs = (settledAt ?? now) - calmAt;
    const hasOpenReview = reviewsOf(run).some(({ status }) => status === 'OPEN');
    if (settledAt === undefined && !hasOpenReview)
      return [`a message still waits ${lastedMs / hourMs} hours after the calm`];

    return lastedMs > boundMs[stage] && settledAt !== undefined
      ? [`everything ended only ${lastedMs / hourMs} hours after the calm`]
      : [];
  },
};
