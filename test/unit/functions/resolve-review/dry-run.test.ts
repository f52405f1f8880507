import { describe, expect, it } from 'vitest';
import { operation } from '../../../../functions/resolve-review/operation.ts';
import { noon } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { anOpenReview } from '../review-harness.ts';
import { anOpenRefundReview, paid } from './harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;
const incomplete = ['claimed', 'declined', 'reviewOpened'] as const;

const tableNames = ['Orders', 'Payments', 'Refunds', 'Reviews', 'Balances', 'Products', 'Audits'];

type Harness = Pick<Awaited<ReturnType<typeof anOpenReview>>, 'tables' | 'resolve' | 'reviewId'>;

/** The response of a dry run of a payment of 2,000 won from the balance and 5,000 at the gateway, which must have changed nothing. */
const dryRun = async ({ tables, resolve, reviewId }: Harness, decision: string) => {
  const stored = () => tableNames.map((table) => tables.items(table));
  const before = structuredClone(stored());
  const written = tables.changes.length;

  const response = await resolve(reviewId, decision, { dryRun: true });

  expect(stored()).toEqual(before);
  expect(tables.changes).toHaveLength(written);
  if (response.status === 200) operation.responses[200]?.schema?.parse(response.body);

  return response;
};

const afterwards = 'afterwards';
const decision = 'decision';

describe('dry run of a payment review', () => {
  it('shows what a capture books', async () => {
    const harness = await anOpenReview(mismatch);
    harness.gateway.has(5_000);

    const { status, body } = await dryRun(harness, 'completed');

    expect(status).toBe(200);
    expect(body).toEqual({
      dryRun: true,
      reviewId: harness.reviewId,
      paymentId: 'pay_1',
      decision: 'completed',
      currency: 'KRW',
      needsSecondPerson: false,
      moves: [
        {
          book: 'order',
          id: 'ord_1',
          from: 'PAYING',
          to: 'COMPLETED',
          quantity: 0,
          when: decision,
        },
        {
          book: 'balance',
          id: 'alice',
          from: 'held',
          to: 'spent',
          quantity: 2_000,
          when: decision,
        },
        { book: 'stock', id: 'tea', from: 'reserved', to: 'sold', quantity: 2, when: decision },
        { book: 'points', id: 'alice', from: 'none', to: 'earned', quantity: 70, when: afterwards },
      ],
      gateway: {
        charge: 0,
        refund: 0,
        closesCharge: false,
        observed: 'txn_1: captured 5000 KRW, refunded 0',
      },
    });
  });

  it('books what it has shown', async () => {
    const harness = await anOpenReview(mismatch);
    harness.gateway.has(5_000);
    const before = harness.amounts();

    const { body } = await dryRun(harness, 'completed');
    await harness.resolve(harness.reviewId, 'completed');

    const after = harness.amounts();
    const quantityOf = (book: string) =>
      body.moves.find((move: { book: string }) => move.book === book).quantity;
    expect(before.held - after.held).toBe(quantityOf('balance'));
    expect(before.reserved - after.reserved).toBe(quantityOf('stock'));
  });

  it('shows which bookings their items do not allow', async () => {
    const harness = await anOpenReview(mismatch);
    harness.gateway.has(5_000);
    harness.tables.deleteItem('Products', { sku: 'tea' });

    const { body } = await dryRun(harness, 'completed');

    expect(body.moves).toContainEqual(
      expect.objectContaining({ book: 'stock', skipped: 'target-missing' }),
    );
    expect(body.moves).toContainEqual(expect.not.objectContaining({ skipped: expect.anything() }));
  });

  it('shows the refund of a payment that was cancelled', async () => {
    const harness = await anOpenReview(mismatch, { cancelRequestedAt: noon.toISOString() });
    harness.gateway.has(5_000);

    expect((await dryRun(harness, 'completed')).body.gateway).toMatchObject({ refund: 5_000 });
  });

  it('shows what the compensation of a failed payment restores', async () => {
    const harness = await anOpenReview(mismatch, { couponId: 'c-1' });
    harness.tables.put('Coupons', {
      ...{ userId: 'alice', couponId: 'c-1', status: 'USED', orderId: 'ord_1' },
      expiresAt: later(86_400).toISOString(),
    });
    harness.gateway.says({
      inquire: { outcome: 'declined', code: 'lost_card', buyerCode: 'card-declined', reason: 'no' },
    });

    const { body } = await dryRun(harness, 'failed');

    const when = afterwards;
    expect(body.moves).toEqual([
      { book: 'balance', id: 'alice', from: 'held', to: 'available', quantity: 2_000, when },
      { book: 'stock', id: 'tea', from: 'reserved', to: 'available', quantity: 2, when },
      { book: 'order', id: 'ord_1', from: 'PAYING', to: 'CANCELLED', quantity: 0, when },
      { book: 'coupon', id: 'c-1', from: 'USED', to: 'AVAILABLE', quantity: 0, when },
    ]);
    expect(body.gateway).toMatchObject({ charge: 0, refund: 0, observed: 'declined: lost_card' });
  });

  it('does not cancel the charge at the gateway, and says that the decision does', async () => {
    const harness = await anOpenReview(mismatch);

    const { body } = await dryRun(harness, 'failed');

    expect(harness.gateway.calls).not.toContain('cancel');
    expect(body.gateway).toMatchObject({ closesCharge: true });
    await harness.resolve(harness.reviewId, 'failed');
    expect(harness.gateway.calls).toContain('cancel');
  });

  it('shows only what is not restored yet, and the refund of a charge found meanwhile', async () => {
    const harness = await anOpenReview(incomplete);
    harness.gateway.has(5_000, 3_000);
    harness.tables.put('Compensations', { paymentId: 'pay_1', target: 'BALANCE#alice' });

    const { body } = await dryRun(harness, 'failed');

    expect(body.moves.map(({ book }: { book: string }) => book)).toEqual(['stock', 'order']);
    expect(body.gateway).toMatchObject({ charge: 0, refund: 2_000 });
  });

  it.each([
    ['contradicts the gateway', 'completed', 409, 'decision-not-allowed'],
    ['the state does not allow', 'reversed', 409, 'decision-not-allowed'],
    ['does not exist', 'paid', 400, 'invalid-request'],
  ])('rejects a decision that %s as the decision is', async (_what, sent, status, code) => {
    const harness = await anOpenReview(mismatch);

    const planned = await dryRun(harness, sent);

    expect(planned).toMatchObject({ status, body: { code } });
    expect(await harness.resolve(harness.reviewId, sent)).toEqual(planned);
  });

  it('is inconclusive if the decision is', async () => {
    const harness = await anOpenReview(mismatch);
    harness.gateway.says({ inquire: { outcome: 'ambiguous', reason: 'timeout' } });

    expect(await dryRun(harness, 'failed')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
    });
  });
});

describe('dry run of another review', () => {
  it('shows what a paid refund books', async () => {
    const harness = await anOpenRefundReview();
    harness.gateway.says({ inquireRefund: paid });

    const { status, body } = await dryRun(harness, 'completed');

    expect(status).toBe(200);
    expect(body.moves).toContainEqual({
      book: 'stock',
      id: 'tea',
      from: 'sold',
      to: 'available',
      quantity: 1,
      when: decision,
    });
    expect(body.moves).toContainEqual(
      expect.objectContaining({ book: 'order', to: 'PARTIALLY_REFUNDED' }),
    );
    expect(body.moves).toContainEqual(
      expect.objectContaining({ book: 'points', from: 'earned', to: 'withdrawn' }),
    );
  });

  it('shows that a refund that was not paid moves nothing', async () => {
    const harness = await anOpenRefundReview();
    harness.gateway.says({ inquireRefund: { outcome: 'declined', code: 'no', reason: 'no' } });
    harness.gateway.has(harness.payment().gatewayAmount);

    expect(await dryRun(harness, 'failed')).toMatchObject({
      status: 200,
      body: { moves: [], gateway: { charge: 0, refund: 0 } },
    });
  });
});
