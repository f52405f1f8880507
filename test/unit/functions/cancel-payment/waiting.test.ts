import { describe, expect, it } from 'vitest';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { createCancelHarness, reserved } from './harness.ts';

describe('cancel a payment that waits for its buyer', () => {
  it('immediately releases a payment that waits for a payment method', async () => {
    const { cancel, stored } = createCancelHarness(aWaitingPayment());

    expect(await cancel()).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });

    expect(stored()).toMatchObject({ status: 'FAILED', version: 2 });
  });

  it('requests an inquiry, which cancels the charge, while the gateway waits for the buyer', async () => {
    const waiting = createCancelHarness(afterTransitions(reserved, 'claimed', 'actionRequired'));
    const charging = createCancelHarness(afterTransitions(reserved, 'claimed'));

    await waiting.cancel();
    await waiting.cancel({ key: 'k-2' });
    await charging.cancel();

    expect(waiting.inquiries).toEqual(['pay_1', 'pay_1']);
    expect(charging.inquiries).toEqual([]);
  });

  it('succeeds if the inquiry cannot be requested: the time for the action ends', async () => {
    const payment = afterTransitions(reserved, 'claimed', 'actionRequired');
    const { cancel, stored, world } = createCancelHarness(payment);
    world.isQueueDown = true;

    expect(await cancel()).toMatchObject({ status: 202 });

    expect(stored()).toEqual({ ...payment, cancelRequestedAt: later(60).toISOString() });
  });

  it('decides again if the gateway begins to wait while the request is recorded', async () => {
    const claimed = afterTransitions(reserved, 'claimed');
    const { cancel, inquiries, payments, tables } = createCancelHarness(claimed);
    const record = payments.recordCancelRequest;
    payments.recordCancelRequest = (payment, request) => {
      if (payment.status === 'CHARGING')
        tables.put('Payments', afterTransitions(claimed, 'actionRequired'));

      return record(payment, request);
    };

    expect(await cancel()).toMatchObject({ body: { stage: 'REQUIRES_ACTION' } });

    expect(inquiries).toEqual(['pay_1']);
  });
});
