import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../shared/domain/reviews/review.ts';
import { eventually } from '../../support/eventually.ts';
import { type AcceptedPayment, type Api, api, transports } from '../../support/stack/api-client.ts';
import { runCompensation } from '../../support/stack/compensation-executions.ts';
import { notifications, pg } from '../../support/stack/external-systems.ts';
import { withFailingStockRestore } from '../../support/stack/faults.ts';
import { forceDecline } from '../../support/stack/forced-states.ts';
import { compensationRecordsOf, storedPayment } from '../../support/stack/repositories.ts';
import {
  anOrder,
  aProduct,
  balancePart,
  orderOf,
  stock,
  wallets,
} from '../../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../../support/stack/wait-for-status.ts';

interface ReviewItem {
  readonly reviewId: string;
  readonly paymentId: string;
  readonly amountAtRisk: number;
}

/** All open reviews. */
const openReviews = async ({ asOperator }: Api, by: 'age' | 'amount' = 'age') => {
  const found: ReviewItem[] = [];
  let cursor: string | undefined;
  do {
    const query = { by, limit: 3, ...(cursor !== undefined && { cursor }) };
    const reply = await asOperator({ method: 'GET', path: '/operator/reviews', query });
    expect(reply).toMatchObject({ status: 200 });
    found.push(...(reply.body.items as ReviewItem[]));
    cursor = reply.body.nextCursor as string | undefined;
  } while (cursor !== undefined);

  return found;
};

/** Waits for the open review of a payment. */
const waitForReview = (paymentId: string, via: Api = api) =>
  eventually(async () => {
    const review = (await openReviews(via)).find((each) => each.paymentId === paymentId);
    if (review === undefined) throw new Error(`${paymentId} has no open review.`);

    return review;
  });

const getReview = ({ reviewId }: ReviewItem, via: Api = api) =>
  via.asOperator({ method: 'GET', path: `/operator/reviews/${reviewId}` });

const resolveReview = ({ reviewId }: ReviewItem, decision: Decision, via: Api = api) =>
  via.asOperator({
    method: 'POST',
    path: `/operator/reviews/${reviewId}/resolve`,
    body: { decision, reason: 'As the PG says.' },
  });

/** A payment whose gateway approval is one minor unit too high. */
const aMismatch = async (via: Api = api) => {
  const order = await anOrder();

  const payment = await via.accepted(order, {
    paymentMethod: 'sim_wrong_amount',
    balanceAmount: balancePart,
  });

  return { ...order, ...payment, charged: order.total - balancePart };
};

describe.concurrent.each(transports)('a review (%s)', (_name, via) => {
  it('of a mismatch lists the amount at risk and ends COMPENSATED after a refund at the gateway', async () => {
    const { paymentId, buyer, total, charged, orderId } = await aMismatch(via);
    const review = await waitForReview(paymentId, via);
    const seen = await getReview(review, via);

    await pg.refund(paymentId, charged + 1);
    const reply = await resolveReview(review, 'failed', via);

    expect(review).toMatchObject({ amountAtRisk: total });
    expect(seen).toMatchObject({
      status: 200,
      body: {
        status: 'OPEN',
        code: 'pg-mismatch',
        decisions: ['completed', 'failed'],
        payment: { status: 'IN_REVIEW', failure: { code: 'pg-mismatch' } },
        order: { status: 'PAYING' },
        compensations: [],
      },
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'RESOLVED',
        decision: 'failed',
        audit: [{ by: 'olivia', reason: 'As the PG says.' }],
      },
    });
    await waitForStatus(paymentId, 'COMPENSATED');
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(orderId)).toMatchObject({ status: 'CANCELLED' });
    expect(await openReviews(via)).not.toContainEqual(expect.objectContaining({ paymentId }));
  });

  it('needs the operator scope', async () => {
    const { paymentId, buyer } = await aMismatch(via);
    const { reviewId } = await waitForReview(paymentId, via);
    const path = `/operator/reviews/${reviewId}`;
    const body = { decision: 'completed', reason: 'I paid.' };

    const replies = await Promise.all([
      via.send({ method: 'GET', path: '/operator/reviews', buyer }),
      via.send({ method: 'GET', path, buyer }),
      via.send({ method: 'POST', path: `${path}/resolve`, buyer, body }),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await storedPayment(paymentId)).toMatchObject({ status: 'IN_REVIEW' });
  });
});

describe.concurrent('a review', () => {
  it('of a refund at the gateway records it by a decision', async () => {
    const order = await anOrder();
    const { buyer } = order;
    const { paymentId } = await api.accepted(order, { balanceAmount: balancePart });
    await waitForStatus(paymentId, 'COMPLETED');
    await pg.refund(paymentId, 1_000);
    await api.asOperator({
      method: 'POST',
      path: `/operator/payments/${paymentId}/inquire`,
      body: { reason: 'The gateway may have news.' },
    });
    const review = await waitForReview(paymentId);

    expect((await getReview(review)).body).toMatchObject({
      kind: 'gateway-difference',
      decisions: ['completed', 'reversed'],
      difference: {
        captured: order.total - balancePart,
        refunded: 1_000,
        booked: 0,
        amount: -1_000,
      },
      payment: { status: 'COMPLETED' },
    });
    expect(await resolveReview(review, 'reversed')).toMatchObject({ status: 200 });

    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: balancePart });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { refundRequests: 1 } });
  });

  it('ends COMPLETED after the difference is refunded, and publishes the events', async () => {
    const { paymentId, buyer, orderId } = await aMismatch();
    const review = await waitForReview(paymentId);

    await pg.refund(paymentId, 1);
    const reply = await resolveReview(review, 'completed');

    expect(reply).toMatchObject({ status: 200, body: { decision: 'completed' } });
    expect(await storedPayment(paymentId)).toMatchObject({ status: 'COMPLETED' });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: balancePart });
    expect(await orderOf(orderId)).toMatchObject({ status: 'COMPLETED' });
    await eventually(async () => {
      const notified = await notifications.received(paymentId);
      // Two messages of one queue arrive in any order.
      expect(notified.map(({ body }) => (body as { type: string }).type).toSorted()).toEqual([
        'aftercommit.payment.completed.v1',
        'aftercommit.points.added.v1',
      ]);
    });
  });

  it('accepts no decision that contradicts the gateway', async () => {
    const { paymentId, charged, buyer } = await aMismatch();
    const review = await waitForReview(paymentId);

    const refusals = [
      await resolveReview(review, 'failed'),
      await resolveReview(review, 'completed'),
    ];
    const seen = (await getReview(review)).body;
    await pg.refund(paymentId, 1);
    const decisions = ['completed', 'failed', 'completed'] as const;
    const replies = await Promise.all(decisions.map((decision) => resolveReview(review, decision)));

    for (const reply of refusals) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'decision-not-allowed' } });
      expect(reply.body.detail).toContain(`captured ${charged + 1} KRW and refunded 0`);
    }
    expect(seen).toMatchObject({ status: 'OPEN', audit: [], payment: { status: 'IN_REVIEW' } });
    expect(replies.map(({ status }) => status)).toEqual([200, 409, 200]);
    expect(replies[0]?.body).toEqual(replies[2]?.body);
    expect((await getReview(review)).body.audit).toMatchObject([
      {
        decision: 'completed',
        gateway: expect.stringContaining(`captured ${charged + 1} KRW, refunded 1`),
      },
    ]);
    expect(await storedPayment(paymentId)).toMatchObject({ status: 'COMPLETED' });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: balancePart });
  });
});

interface IncompleteCompensation extends AcceptedPayment {
  readonly sku: string;
}

/** A payment of one unit of ten that is declined later. */
const anIncompleteCompensation = async (): Promise<IncompleteCompensation> => {
  const sku = await aProduct({ available: 10 });
  const order = await anOrder({ lines: [{ sku, quantity: 1 }] });
  const payment = await api.accepted(order, { paymentMethod: 'sim_unlisted_code' });
  await waitForStatus(payment.paymentId, 'UNKNOWN');

  return { ...payment, sku };
};

/** Declined payments whose stock step exhausted its retries. */
const twoIncompleteCompensations = async (): Promise<
  readonly [IncompleteCompensation, IncompleteCompensation]
> => {
  const payments = await Promise.all([anIncompleteCompensation(), anIncompleteCompensation()]);
  await withFailingStockRestore(() =>
    Promise.all(
      payments.map(async ({ paymentId }) => {
        await forceDecline(paymentId);
        await waitForStatus(paymentId, 'IN_REVIEW');
      }),
    ),
  );

  return payments;
};

/** Not concurrent: the step fails for all payments. */
describe('a review of a failed compensation step', () => {
  it('restores the rest once when resolved as failed, or closes when the compensation finishes', async () => {
    const [decided, finished] = await twoIncompleteCompensations();
    const { paymentId, sku, buyer } = decided;
    const records = await compensationRecordsOf(paymentId);
    const [review, other] = [
      await waitForReview(paymentId),
      await waitForReview(finished.paymentId),
    ];

    const [reply] = await Promise.all([
      resolveReview(review, 'failed'),
      runCompensation(finished.paymentId),
    ]);

    expect(records).not.toHaveProperty(`STOCK#${sku}`);
    expect(reply).toMatchObject({ status: 200 });
    await waitForStatus(paymentId, 'COMPENSATED');
    expect(await stock.of(sku)).toMatchObject({ available: 10, reserved: 0 });
    expect(await wallets.of(buyer)).toMatchObject({ available: 10_000, held: 0 });
    expect(await compensationRecordsOf(paymentId)).toMatchObject(records);
    await eventually(async () =>
      expect(await getReview(other)).toMatchObject({
        body: { status: 'RESOLVED', decision: 'failed', audit: [{ by: 'close-review' }] },
      }),
    );
  });
});
