import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import type { Review } from '../../../shared/domain/reviews/review.ts';
import { buildOperatorTimeline } from '../../../shared/domain/timeline/timeline.ts';
import { compensationsOf, paymentsOf, refundsOf, reviewsOf } from '../checks/stored-items.ts';
import type { RunRecord } from '../run-record.ts';
import { formatStoryLine, type StoryLine } from '../virtual/story.ts';

const idPattern = /\b(?:pay|ord|rfd|rev)_[0-9a-z]{26}\b/g;

/** Lines of these are about every payment. */
const everywhere = ['fault', 'simulation'];

/** Requests and responses are cut. */
const maxLineLength = 240;

interface Subject {
  readonly payment: Payment | undefined;
  readonly refunds: readonly Refund[];
  readonly reviews: readonly Review[];
  /** The ids by which lines name it. */
  readonly ids: readonly string[];
}

interface Ids {
  readonly paymentId?: string;
  readonly orderId?: string;
  readonly refundId?: string;
  readonly reviewId?: string;
}

/** The payment that a text names, by its own id or that of its order, refund or review. */
const subjectOf = (run: RunRecord, text: string): Subject => {
  const named: readonly string[] = text.match(idPattern) ?? [];
  const names = ({ paymentId, orderId, refundId, reviewId }: Ids) =>
    [paymentId, orderId, refundId, reviewId].some((id) => id !== undefined && named.includes(id));
  const [refunds, reviews] = [refundsOf(run), reviewsOf(run)];
  const paymentIds = [...refunds, ...reviews].filter(names).map(({ paymentId }) => paymentId);
  const payment = paymentsOf(run).find((one) => names(one) || paymentIds.includes(one.paymentId));
  const own = ({ paymentId }: Pick<Payment, 'paymentId'>) => paymentId === payment?.paymentId;
  const [ownRefunds, ownReviews] = [refunds.filter(own), reviews.filter(own)];

  return {
    payment,
    refunds: ownRefunds,
    reviews: ownReviews,
    ids: [
      ...named,
      ...(payment ? [payment.paymentId, payment.orderId] : []),
      ...ownRefunds.map(({ refundId }) => refundId),
      ...ownReviews.map(({ reviewId }) => reviewId),
    ],
  };
};

/** The stored history in the words of the operator's timeline. */
const storedLines = (run: RunRecord, subject: Subject): readonly StoryLine[] => {
  const { payment, refunds, reviews } = subject;
  if (payment === undefined) return [];
  const compensations = compensationsOf(run).filter(
    ({ paymentId }) => paymentId === payment.paymentId,
  );
  // What consumers did is in the story itself.
  const consumers = { effects: [], derivedEvents: [] };
  const records = { compensations, refunds, reviews, ...consumers };

  return buildOperatorTimeline(payment, records).map(
    ({ at, sinceAcceptMs, kind, from, to, detail, gatewayCalls = [] }) => {
      const step = to === undefined ? '' : `${from ?? 'nothing'} -> ${to}: `;
      const calls = gatewayCalls.map((call) => ` [${JSON.stringify(call)}]`).join('');

      return {
        at: Date.parse(at),
        actor: '  timeline',
        text: `${kind} (+${sinceAcceptMs} ms) ${step}${detail}${calls}`,
      };
    },
  );
};

/**
 * Everything about the payment that a finding names, in order of time: its timeline, and the invocations, faults and
 * messages that were about it. All lines if the finding names none.
 */
export const storyOf = (
  run: RunRecord,
  lines: readonly StoryLine[],
  finding: string,
): readonly string[] => {
  const subject = subjectOf(run, finding);
  const mentions = ({ text }: StoryLine) => subject.ids.some((id) => text.includes(id));
  const invocations = new Set(
    lines.filter((line) => line.actor.includes('#') && mentions(line)).map(({ actor }) => actor),
  );
  const isIncluded = (line: StoryLine) =>
    subject.ids.length === 0 ||
    everywhere.includes(line.actor) ||
    invocations.has(line.actor) ||
    mentions(line);

  return [...lines.filter(isIncluded), ...storedLines(run, subject)]
    .toSorted((one, other) => one.at - other.at)
    .map((line) => formatStoryLine(line).slice(0, maxLineLength));
};
