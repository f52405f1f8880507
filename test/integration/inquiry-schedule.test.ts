import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api } from '../support/stack/api-client.ts';
import { compensationStatuses } from '../support/stack/compensation-executions.ts';
import { pg } from '../support/stack/external-systems.ts';
import { aClaimedPayment, chargeDirectly } from '../support/stack/forced-states.ts';
import { deliver } from '../support/stack/messages.ts';
import { compensationRecordsOf, storedPayment } from '../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../support/stack/stack-fixtures.ts';

const statesOf = ({ history }: Payment) => history.map(({ to }) => to);

/** Waits for a final status and returns the stored payment. */
const waitForFinal = async (payment: AcceptedPayment): Promise<Payment> => {
  await api.settled(payment);

  return storedPayment(payment.paymentId);
};

describe.concurrent('a charge with a lost response', () => {
  it('is CONFIRMING, then COMPLETED by inquiry with one capture', async () => {
    const order = await anOrder();

    const payment = await api.accepted(order, {
      paymentMethod: 'sim_timeout_after_effect',
      balanceAmount: balancePart,
    });
    const stored = await waitForFinal(payment);

    expect(stored).toMatchObject({ status: 'COMPLETED', attempt: 1 });
    expect(stored.inquiryCount).toBeGreaterThan(0);
    expect(statesOf(stored)).toContain('UNKNOWN');
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'COMPLETED' });
    expect(await compensationRecordsOf(payment.paymentId)).toEqual({});
    expect(await compensationStatuses(payment.paymentId)).toEqual([]);
  });

  it('is found by inquiry with one capture if its charger died', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date(Date.now() - 1_000));
    await chargeDirectly(claimed);

    await deliver('charge-payment', replayPaymentEvent(claimed, 'PaymentReserved'));
    const stored = await waitForFinal({ ...order, paymentId: claimed.paymentId });

    expect(stored).toMatchObject({ status: 'COMPLETED' });
    expect(statesOf(stored)).toContain('UNKNOWN');
    expect(await pg.chargesOf(claimed.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });
});

describe.concurrent('a charge that never arrived', () => {
  it('is CONFIRMING during the in-flight window, then FAILED and compensated once', async () => {
    const order = await anOrder();

    const payment = await api.accepted(order, {
      paymentMethod: 'sim_timeout_before_effect',
      balanceAmount: balancePart,
    });
    await eventually(async () =>
      expect(await api.payment(payment)).toMatchObject({ body: { status: 'CONFIRMING' } }),
    );
    const whileOpen = await wallets.of(order.buyer);
    const stored = await waitForFinal(payment);

    expect(whileOpen).toMatchObject({ held: balancePart });
    expect(stored).toMatchObject({
      status: 'COMPENSATED',
      failure: {
        code: 'not-charged',
        evidence: expect.stringMatching(/not found .*cancellation .*not found again/),
      },
    });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 0 },
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
    expect(stored.history.filter(({ to }) => to === 'COMPENSATED')).toHaveLength(1);
  });
});
