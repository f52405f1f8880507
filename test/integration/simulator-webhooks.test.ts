import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { storedPayment, withoutInquiryFields } from '../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../support/stack/stack-fixtures.ts';
import { waitForReversal, waitForStatus } from '../support/stack/wait-for-status.ts';

/** Waits until this number of webhooks of a payment is delivered, and returns them. */
const waitForAcceptedWebhooks = (paymentId: string, count: number) =>
  eventually(async () => {
    const sentWebhooks = await pg.webhooksOf(paymentId);
    expect(sentWebhooks).toHaveLength(count);
    for (const { attempts } of sentWebhooks) expect(attempts.at(-1)).toBe('delivered');

    return sentWebhooks;
  });

describe.concurrent('a gateway with webhooks', () => {
  it.each([
    ['sim_approve', ['charge.done']],
    ['sim_webhook_twice', ['charge.done', 'charge.done']],
    ['sim_webhook_late', ['charge.done']],
    ['sim_webhook_out_of_order', ['charge.done', 'charge.aborted']],
    ['sim_in_progress', ['charge.done']],
  ])('of a %s by %j has it completed, with one capture', async (paymentMethod, types) => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, {
      paymentMethod,
      balanceAmount: balancePart,
    });
    const completed = await waitForStatus(paymentId, 'COMPLETED');
    const sentWebhooks = await waitForAcceptedWebhooks(paymentId, types.length);

    expect(sentWebhooks.map(({ type }) => type)).toEqual(types);
    expect(withoutInquiryFields(await storedPayment(paymentId))).toEqual(
      withoutInquiryFields(completed),
    );
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });

  it('changes nothing by a webhook of a decline', async () => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, {
      paymentMethod: 'sim_decline',
      balanceAmount: balancePart,
    });
    await waitForStatus(paymentId, 'COMPENSATED');
    const sentWebhooks = await waitForAcceptedWebhooks(paymentId, 1);

    expect(sentWebhooks).toMatchObject([{ type: 'charge.aborted' }]);
    expect(await storedPayment(paymentId)).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'insufficient-funds' },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
  });

  it('refunds once a declined charge that only a webhook reports as captured', async () => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, {
      paymentMethod: 'sim_decline_late_approve',
      balanceAmount: balancePart,
    });
    const reversed = await waitForReversal(paymentId);

    expect(reversed.history.map(({ to }) => to)).toEqual([
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
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});
