import type { ReviewEvidenceBody } from '../../../functions/get-review/operation.ts';
import type { ReviewPageBody } from '../../../functions/list-reviews/operation.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Review } from '../../../shared/domain/reviews/review.ts';
import { capturedReferenceOf, truthOfPayment } from '../gateways/payment-truth.ts';
import { codeOf } from './expected-answers.ts';
import type { Operator } from './operator.ts';
import { nextReviewStep, type Preferences, type ReviewStep } from './review-step.ts';

type Stepped = Exclude<ReviewStep, { readonly step: 'wait' }>;

const maxPages = 5;

/** Decides what can be decided now, if the alarm "Review opened" has fired for something that is still open. */
export const workOnReviews = async (operator: Operator): Promise<void> => {
  const { shop } = operator;
  const isAnyOpen = shop.run.tables
    .items<Review>('Reviews')
    .some(({ status }) => status === 'OPEN');
  if (!isAnyOpen) return;
  for (const reviewId of await listOpenReviews(operator)) await workOnReview(operator, reviewId);
};

const listOpenReviews = async ({
  client,
  request,
  random,
}: Operator): Promise<readonly string[]> => {
  const by = random.pick(['age', 'age', 'amount']);
  const limit = random.pick([2, 20]);
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const query = { by, limit, ...(cursor !== undefined && { cursor }) };
    const answer = await client.ask(request('GET', '/operator/reviews', { query }), 2);
    if (answer === undefined) break;
    const { items, nextCursor } = answer.body as unknown as ReviewPageBody;
    found.push(...items.map(({ reviewId }) => reviewId));
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }

  return found;
};

const workOnReview = async (operator: Operator, reviewId: string): Promise<void> => {
  const { client, request } = operator;
  const path = `/operator/reviews/${reviewId}`;
  const answer = await client.ask(request('GET', path), 2);
  if (answer?.body === undefined) return;
  const review = answer.body as unknown as ReviewEvidenceBody;
  await settle(operator, review, true);
};

/** Makes the refund that the decision needs, then decides by what the gateway shows. */
const settle = async (operator: Operator, review: ReviewEvidenceBody, canRefund: boolean) => {
  const truth = truthOfPayment(operator.shop.run.gateway, review.paymentId);
  const preferences = { ...preferencesOf(operator, review.reviewId), canRefund };
  const step = nextReviewStep(review, truth, preferences);
  if (step.step === 'wait') return;
  if (step.refund === undefined) await finish(operator, review, step);
  else if (isUnchanged(operator, review))
    await settle(operator, review, await refundByHand(operator, review, step.refund));
};

/** The same at each look at a review, by any operator. */
const preferencesOf = ({ shop }: Operator, reviewId: string): Omit<Preferences, 'canRefund'> => {
  const random = shop.random.fork(reviewId);

  return { keepsCharge: random.chance(0.5), refundsByHand: random.chance(0.5) };
};

/** Whether the payment is still as the operator has read it. */
const isUnchanged = ({ shop }: Operator, { paymentId, payment }: ReviewEvidenceBody): boolean =>
  shop.run.tables.item<Payment>('Payments', { paymentId })?.version === payment.version;

/** Returns whether the gateway has made the refund. */
const refundByHand = async (
  { shop, name }: Operator,
  { reviewId, paymentId }: ReviewEvidenceBody,
  amount: number,
): Promise<boolean> => {
  const { gateway } = shop.run;
  const reference = capturedReferenceOf(gateway, paymentId);
  const before = gateway.truthOf(reference);
  shop.record(name, () => `refunds ${amount} of ${paymentId} in the gateway's dashboard`);
  await gateway.refundByHand(reference, amount, `hand-${reviewId}-${before.refunded}`);
  const after = gateway.truthOf(reference);

  return after.refunded > before.refunded || after.isPending;
};

const finish = async (operator: Operator, review: ReviewEvidenceBody, step: Stepped) => {
  const { client, request } = operator;
  const { reviewId, paymentId } = review;
  if (step.step === 'inquire') {
    await requestInquiry(operator, paymentId);
    return;
  }
  const body = { decision: step.decision, reason: 'As the dashboard of the gateway shows.' };
  const path = `/operator/reviews/${reviewId}/resolve`;
  const answer = await client.ask(request('POST', path, { body }), 3);
  // The payment has changed meanwhile: a comparison finds what was refunded by hand.
  if (answer && codeOf(answer) === 'decision-not-allowed')
    await requestInquiry(operator, paymentId);
  const isPaidTwice = review.code === 'ledger-mismatch' && review.kind === 'payment';
  if (isPaidTwice && step.decision === 'completed' && answer?.status === 200)
    await refundThroughService(operator, review);
};

export const requestInquiry = ({ client, request }: Operator, paymentId: string) =>
  client.ask(
    request('POST', `/operator/payments/${paymentId}/inquire`, {
      body: { reason: 'The gateway may have news.' },
    }),
    3,
  );

/** The refund of a charge whose order could not take it. */
const refundThroughService = async (
  { client, request }: Operator,
  { reviewId, paymentId, payment }: ReviewEvidenceBody,
) => {
  const body = { amount: payment.amount, reason: 'It was paid twice.' };
  const path = `/operator/payments/${paymentId}/refunds`;
  await client.ask(request('POST', path, { key: `refund-of-${reviewId}`, body }));
};
