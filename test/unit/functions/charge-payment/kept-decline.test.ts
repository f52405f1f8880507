import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import type { DeclinedCharge } from '../../../../shared/gateway/payment-gateway.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { createChargerHarness } from './harness.ts';

const declined: DeclinedCharge = {
  outcome: 'declined',
  code: 'card_declined',
  reason: 'Do not honor.',
  buyerCode: 'card-declined',
};
const reserved = () => aPayment({ paymentId: 'pay_1', onDecline: 'keep' });
const holdEnd = new Date(noon.getTime() + timings.local.holdExpiryMs);

describe('charge payment with onDecline: keep', () => {
  it('charges each attempt under its own reference and key', async () => {
    const { world, charge } = createChargerHarness(reserved(), declined);
    await charge();
    expect(world.stored).toMatchObject({ status: 'REQUIRES_METHOD', attempt: 2 });
    if (world.stored === undefined) throw new Error('The payment is lost.');
    world.stored = {
      ...afterTransitions(world.stored, 'confirmed'),
      paymentMethod: 'sim_approve_slow',
    };

    expect(await charge()).toMatchObject({ outcome: 'COMPLETED', attempt: 2 });

    expect(world.charges).toMatchObject([
      { reference: 'pay_1', key: 'chg:pay_1:1', paymentMethod: 'sim_approve' },
      { reference: 'pay_1-2', key: 'chg:pay_1:2', paymentMethod: 'sim_approve_slow' },
    ]);
  });

  it('does not charge a payment that waits for its buyer', async () => {
    const { world, charge } = createChargerHarness(aWaitingPayment());

    expect(await charge()).toMatchObject({ outcome: 'REQUIRES_METHOD' });

    expect(world.charges).toEqual([]);
    expect(world.stored).toEqual(aWaitingPayment());
  });

  it.each([
    ['whose hold has ended', {}, holdEnd, 'not-confirmed-in-time'],
    ['that was cancelled', { cancelRequestedAt: noon.toISOString() }, noon, 'cancelled-by-buyer'],
  ])('releases a waiting payment %s', async (_which, given, now, code) => {
    const { world, charge } = createChargerHarness(aWaitingPayment(given));
    world.now = now;

    expect(await charge()).toMatchObject({ outcome: 'FAILED' });

    expect(world.charges).toEqual([]);
    expect(world.stored).toMatchObject({
      status: 'FAILED',
      failure: { code, evidence: expect.stringContaining('REQUIRES_METHOD in version 1') },
    });
  });
});
