import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { aClaimedPayment, aRefundWithUnknownOutcome } from '../support/stack/forced-states.ts';
import { payments, refunds } from '../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../support/stack/stack-fixtures.ts';
import { makeOverdue, overdueTime, runSweeper, sweepUntilStatus } from '../support/stack/sweep.ts';

describe.concurrent('the sweeper', () => {
  it('replays the event of an unclaimed payment, which is then charged once', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date());
    const { paymentId } = claimed;
    const unsent = transitionPayment(claimed, 'chargeNotSent', {
      at: new Date(),
      by: 'charge-payment',
      change: { dueAt: overdueTime() },
    });
    expect(await payments.tryUpdate(claimed, unsent)).toBe(true);

    await Promise.all([runSweeper(), runSweeper()]);

    await sweepUntilStatus(paymentId, 'COMPLETED');
    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
      charges: [{ amount: order.total - balancePart }],
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });

  it('inquires about a payment whose charger died and whose message is lost', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date(overdueTime()));

    await makeOverdue(claimed);

    const stored = await sweepUntilStatus(claimed.paymentId, 'COMPENSATED');
    expect(stored.history.map(({ to }) => to)).toContain('UNKNOWN');
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });

  it('resumes a refund whose next attempt was too late for an SQS delay', async () => {
    const order = await anOrder();
    const payment = await api.accepted(order, { balanceAmount: balancePart });
    await api.settled(payment);
    const refund = await aRefundWithUnknownOutcome(payment.paymentId, 1_000);
    // A later refund that has ended shows that the first one's message has been consumed.
    await api.refunded(payment, { amount: 500 });
    expect(await refunds.getOrThrow(refund.refundId)).toEqual(refund);

    await makeOverdue(refund);

    await eventually(
      async () => {
        await runSweeper();
        expect(await refunds.getOrThrow(refund.refundId)).toMatchObject({ status: 'SUCCEEDED' });
      },
      { intervalMs: 1_000 },
    );
    expect((await pg.chargesOf(payment.paymentId)).refunds.map(({ amount }) => amount)).toEqual([
      500, 1_000,
    ]);
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });
});
