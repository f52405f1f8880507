import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { heldAtGateway } from '../../shared/application/payments/read-gateway-amounts.ts';
import type { bookRecordedIn } from '../../shared/application/refunds/settle-refund.ts';
import { bookedRefundIdOf } from '../../shared/domain/ids.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { recordedRefund } from '../../shared/domain/refunds/refund-settlement.ts';
import type { DecisionCheck } from '../../shared/domain/reviews/decision-check.ts';
import { differenceOf } from '../../shared/domain/reviews/gateway-difference.ts';
import {
  differenceDecisionsFor,
  type Resolution,
  type Review,
} from '../../shared/domain/reviews/review.ts';
import { noted } from '../../shared/gateway/recording-gateway.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import { closing } from './close-only.ts';
import type { Asking } from './inquire-gateway.ts';
import type { CaseOf, Examined, Written } from './review-resolver.ts';

interface Dependencies extends Asking {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing'>;
  readonly reviews: Pick<Reviews, 'resolve' | 'agreed'>;
  readonly book: ReturnType<typeof bookRecordedIn>;
}

const by = 'resolve-review';

/**
 * A payment that has ended, and of which the gateway holds another amount than the books say. They are left as they are, and the same
 * difference is not reviewed again; or what was refunded there is booked.
 */
export const differenceCase =
  (deps: Dependencies): CaseOf =>
  async (review) => {
    const payment = await deps.payments.existing(review.paymentId);

    return {
      decisions: differenceDecisionsFor(review, payment),
      examine: async (decision) =>
        decision === 'reversed' ? booking(deps, review, payment) : closing(deps, review),
    };
  };

/** Booked is what the gateway says now, and only while that is what the review is about. */
const booking = async (
  { reviews, book, clock, timings, ...deps }: Dependencies,
  review: Review,
  before: Payment,
): Promise<Examined> => {
  const { gateway, asked } = noted(deps.gateway);
  const windowMs = timings.inFlightWindowMs;
  const held = await heldAtGateway({ gateway, now: clock.now(), windowMs }, before);
  if ('unclear' in held)
    return { check: { result: 'unclear' }, gateway: held.unclear, write: never };
  const after = await deps.payments.existing(review.paymentId);
  const amount = differenceOf({ ...held, before, after })?.amount ?? 0;
  const told = `captured ${held.captured}, refunded ${held.refunded}: ${-amount} of it is in no book`;

  return {
    check: check(review, amount, told),
    gateway: told,
    async write(resolution) {
      const at = new Date(resolution.at);
      const outcome = { at, by, asked, detail: `refunded at the gateway, ${told}` };
      const refund = recordedRefund(beginningOf(review, resolution, -amount), outcome);
      const close = reviews.agreed(review.reviewId, resolution.at, resolution);
      const written = await book(refund, outcome, [close]);

      return written === 'superseded' ? written : 'settled';
    },
  };
};

const check = ({ difference }: Review, amount: number, told: string): DecisionCheck => {
  if (amount === difference?.amount) return { result: 'agrees' };

  return {
    result: 'contradicts',
    detail: `The gateway says something else now: ${told}. Have it asked about the payment, and look at the review again.`,
  };
};

const beginningOf = (review: Review, { reason }: Resolution, amount: number) => {
  const { reviewId, paymentId, orderId, userId, currency } = review;
  const refundId = bookedRefundIdOf(paymentId, reviewId);
  const own = { refundId, amount, lines: [], requestHash: reviewId };

  return { ...own, paymentId, orderId, userId, currency, reason: `${reason} (${reviewId})` };
};

const never = async (): Promise<Written> => 'superseded';
