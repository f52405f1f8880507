import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { api } from '../../support/stack/api-client.ts';
import { notifications, pg } from '../../support/stack/external-systems.ts';
import { withThrottling } from '../../support/stack/faults.ts';
import { storedPayment } from '../../support/stack/repositories.ts';
import {
  anOrder,
  aProduct,
  balancePart,
  orderOf,
  stock,
  wallets,
} from '../../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../../support/stack/wait-for-status.ts';

// On a very slow machine the inquiry comes so late that the gateway has already approved.
describe('a late capture', { retry: 2 }, () => {
  it('refunds once and ends REVERSED when it lands during compensation', async () => {
    const sku = await aProduct({ available: 10 });
    const order = await anOrder({ lines: [{ sku, quantity: 1 }] });

    const { paymentId } = await api.accepted(order, {
      paymentMethod: 'sim_late_approve',
      balanceAmount: balancePart,
    });
    const meanwhile = await withThrottling('compensate-payment', async () => {
      await eventually(async () =>
        expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { charges: 1, refunds: 0 } }),
      );

      return storedPayment(paymentId);
    });
    const stored = await waitForStatus(paymentId, 'REVERSED', { timeoutMs: 60_000 });

    expect(meanwhile).toMatchObject({ status: 'FAILED' });
    expect(stored.history.map(({ to }) => to).filter((to) => to !== 'UNKNOWN')).toEqual([
      'RESERVED',
      'CHARGING',
      'FAILED',
      'COMPENSATED',
      'LATE_CAPTURED',
      'REVERSED',
    ]);
    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1, refunds: 1 },
      refunds: [{ amount: order.total - balancePart }],
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
    expect(await stock.of(sku)).toMatchObject({ available: 10, reserved: 0, sold: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
    await eventually(async () => {
      const notified = await notifications.received(paymentId);
      const reversals = notified.filter(({ body }) => JSON.stringify(body).includes('reversed'));
      expect(reversals).toHaveLength(1);
    });
  });
});
