import { describe, expect, it } from 'vitest';
import { at, createTossHarness, order } from './harness.ts';

describe('Toss adapter: inquiries and cancellations', () => {
  it.each([
    ['READY', {}, 'in-progress', 'in-progress'],
    ['IN_PROGRESS', {}, 'in-progress', 'in-progress'],
    ['WAITING_FOR_DEPOSIT', {}, 'in-progress', 'in-progress'],
    ['DONE', { approvedAt: at }, 'approved', 'already-captured'],
    ['PARTIAL_CANCELED', { approvedAt: at }, 'approved', 'already-captured'],
    ['CANCELED', { approvedAt: at }, 'approved', 'already-captured'],
    ['CANCELED', { approvedAt: null }, 'declined', 'cancelled'],
    ['ABORTED', {}, 'declined', 'cancelled'],
    ['EXPIRED', {}, 'declined', 'cancelled'],
    ['DONE', { approvedAt: null }, 'ambiguous', 'ambiguous'],
    ['SETTLED_ON_THE_MOON', { approvedAt: at }, 'ambiguous', 'ambiguous'],
  ])(
    'maps %s with %o to %s, and its cancellation to %s',
    async (status, rest, inquired, cancelled) => {
      const { gateway, paymentMethod, toss } = await createTossHarness();
      toss.set(paymentMethod, { status, ...rest });

      expect(await gateway.inquire(order)).toMatchObject({ outcome: inquired });
      expect(await gateway.cancel(order)).toMatchObject({ outcome: cancelled });
    },
  );

  const cancelled = (cancelAmount: number, cancelStatus: string) => ({
    transactionKey: `tx-${cancelAmount}`,
    cancelAmount,
    cancelReason: 'by the shop',
    cancelStatus,
    canceledAt: at,
  });

  it.each([
    ['nothing', 'DONE', {}, 0],
    ['a listed part', 'PARTIAL_CANCELED', { cancels: [cancelled(1_000, 'DONE')] }, 1_000],
    ['a part in progress', 'DONE', { cancels: [cancelled(1_000, 'IN_PROGRESS')] }, 1_000],
    ['an aborted part', 'DONE', { cancels: [cancelled(1_000, 'ABORTED')] }, 0],
    ['a part shown only in the balance', 'PARTIAL_CANCELED', { balanceAmount: 2_500 }, 1_500],
    ['all, listed or not', 'CANCELED', {}, 4_000],
  ])('reads the refunded amount: %s', async (_what, status, rest, refunded) => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    toss.set(paymentMethod, { status, approvedAt: at, ...rest });

    expect(await gateway.inquire(order)).toMatchObject({ captured: 4_000, refunded });
  });

  it('returns the approval time in UTC', async () => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    toss.set(paymentMethod, { status: 'DONE', approvedAt: at });

    expect(await gateway.inquire(order)).toMatchObject({ approvedAt: '2026-01-05T09:00:00.000Z' });
  });
});
