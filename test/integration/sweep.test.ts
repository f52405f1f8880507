import { describe, expect, it } from 'vitest';
import { advance } from '../../shared/domain/transitions.ts';
import { aClaimedPayment } from '../support/by-hand.ts';
import { pg } from '../support/outside.ts';
import { payments } from '../support/stores.ts';
import { aWhileAgo, makeOverdue, sweep, sweepUntil } from '../support/sweep.ts';
import { anOrder, books, orderOf } from '../support/world.ts';

describe.concurrent('the sweeper', () => {
  it('tells again of a payment whose charge nobody was told to send, and it is charged once', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date());
    const { paymentId } = claimed;
    const unsent = advance(claimed, 'unsent', {
      at: new Date(),
      by: 'charge-payment',
      change: { dueAt: aWhileAgo() },
    });
    expect(await payments.moved(claimed, unsent)).toBe(true);

    await Promise.all([sweep(), sweep()]);

    await sweepUntil(paymentId, 'COMPLETED');
    expect(await pg.of(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await books.of(order.buyer)).toMatchObject({ held: 0, spent: order.total });
  });

  it('inquires about a payment whose charger died, and whose message is gone', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date(Date.now() - 1_000));

    await makeOverdue(claimed);

    const stored = await sweepUntil(claimed.paymentId, 'COMPENSATED');
    expect(stored.history.map(({ to }) => to)).toContain('UNKNOWN');
    expect(await books.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});
