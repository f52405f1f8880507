import type { Review } from '../../../shared/domain/reviews/review.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isLostTo } from './lost-events.ts';
import { isPaymentFinal, paymentsOf, refundsOf, reviewsOf } from './stored-items.ts';

interface Subject {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

const subjectsOf = (run: RunRecord): ReadonlyMap<string, Subject> =>
  new Map(
    [
      ...paymentsOf(run).map(({ paymentId, ...rest }) => ({ ...rest, id: paymentId })),
      ...refundsOf(run).map(({ refundId, ...rest }) => ({ ...rest, id: refundId })),
    ].map(({ id, status, version }) => [id, { id, status, version }]),
  );

const isUnderReview = ({ status }: Subject): boolean =>
  status === 'IN_REVIEW' || status === 'UNDER_REVIEW';

/** Whether the subject of an open review still waits for this review. */
const isCurrent = (run: RunRecord, { kind, version }: Review, subject: Subject): boolean => {
  if (kind === 'event') return true;
  // The payment ended, and keeps its status whatever the operator decides.
  if (kind === 'gateway-difference' || kind === 'dispute')
    return paymentsOf(run).some(
      (payment) => payment.paymentId === subject.id && isPaymentFinal(payment),
    );

  return isUnderReview(subject) && subject.version === version;
};

/** Nothing replays the event that closes a review: if a fault lost it on the bus, the review stays open. */
const isClosingEventLost = (run: RunRecord, { version }: Review, { id }: Subject): boolean =>
  isLostTo(run, 'close-review', `${id}-${version + 1}`);

const faultsOfReview = (run: RunRecord, review: Review, subject?: Subject): readonly string[] => {
  const { reviewId, code, status, decision, audit, version } = review;
  const name = `${reviewId} (${code}, version ${version})`;
  if (subject === undefined) return [`${name} is about nothing`];
  if (status === 'RESOLVED')
    return audit.length === 1 && audit[0]?.decision === decision
      ? []
      : [`${name} has ${audit.length} decisions`];
  if (audit.length > 0) return [`${name} is open and has a decision`];

  return isCurrent(run, review, subject) || isClosingEventLost(run, review, subject)
    ? []
    : [`${name} is open, ${subject.id} is ${subject.status} in version ${subject.version}`];
};

export const openReviews: Check = {
  name: 'open-reviews',
  property:
    'Each payment and refund under review has an open review of its version, each other review of it is closed, and each closed review has one decision.',
  invariants: [7, 9],
  atEnd: (run) => {
    const subjects = subjectsOf(run);
    const reviews = reviewsOf(run);
    const isOpen = ({ id, version }: Subject) =>
      reviews.some(
        (review) =>
          review.status === 'OPEN' &&
          (review.refundId ?? review.paymentId) === id &&
          review.version === version,
      );

    return [
      ...reviews.flatMap((review) =>
        faultsOfReview(run, review, subjects.get(review.refundId ?? review.paymentId)),
      ),
      ...[...subjects.values()]
        .filter((subject) => isUnderReview(subject) && !isOpen(subject))
        .map(
          ({ id, status, version }) => `${id} is ${status} in version ${version} without review`,
        ),
    ];
  },
};
