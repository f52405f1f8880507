import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { buildTimeline } from '../../../../shared/domain/timeline/timeline.ts';
import { noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createCancelHarness, reserved } from './harness.ts';

describe('cancel payment', () => {
  it('fails an unclaimed payment, with evidence that nothing was sent', async () => {
    const { cancel, stored } = createCancelHarness(reserved);

    const answer = await cancel();

    expect(answer).toMatchObject({
      status: 202,
      headers: { location: '../../payments/pay_1', 'retry-after': '1' },
      body: {
        paymentId: 'pay_1',
        status: 'FAILED',
        failure: { code: 'cancelled-by-buyer', reason: 'The buyer cancelled the payment.' },
      },
    });
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
    expect(stored()).toMatchObject({
      status: 'FAILED',
      version: 2,
      failure: { evidence: expect.stringContaining('nothing was sent') },
    });
  });

  it.each([
    ['CHARGING', afterTransitions(reserved, 'claimed'), 'PENDING'],
    ['REQUIRES_ACTION', afterTransitions(reserved, 'claimed', 'actionRequired'), 'REQUIRES_ACTION'],
    ['UNKNOWN', afterTransitions(reserved, 'claimed', 'outcomeUnknown'), 'CONFIRMING'],
    ['IN_REVIEW', afterTransitions(reserved, 'claimed', 'reviewOpened'), 'UNDER_REVIEW'],
  ])(
    'records the request for a payment in %s without a version conflict',
    async (stage, payment, status) => {
      const { cancel, stored } = createCancelHarness(payment);

      expect(await cancel()).toMatchObject({ status: 202, body: { stage, status } });

      expect(stored()).toEqual({ ...payment, cancelRequestedAt: later(60).toISOString() });
    },
  );

  it.each([
    ['COMPLETED', afterTransitions(reserved, 'claimed', 'captured')],
    ['FAILED', afterTransitions(reserved, 'claimed', 'declined')],
    ['FAILED', afterTransitions(reserved, 'claimed', 'declined', 'compensated', 'lateCaptured')],
  ])('rejects a payment that is %s', async (status, payment) => {
    const { cancel, stored } = createCancelHarness(payment);

    expect(await cancel()).toMatchObject({
      status: 409,
      body: {
        code: 'payment-not-cancellable',
        detail: `A payment that is ${status} cannot be cancelled.`,
      },
    });
    expect(stored()).toEqual(payment);
  });

  it.each([
    [
      'of which nothing was sent',
      afterTransitions(reserved, 'claimed', 'chargeNotSent'),
      'FAILED',
      'FAILED',
    ],
    ['that is being charged', afterTransitions(reserved, 'claimed'), 'PENDING', 'CHARGING'],
    [
      'that was charged',
      afterTransitions(reserved, 'claimed', 'captured'),
      'COMPLETED',
      'COMPLETED',
    ],
    ['that was declined', afterTransitions(reserved, 'claimed', 'declined'), 'FAILED', 'FAILED'],
  ])(
    'returns the same answer for a cancelled payment %s',
    async (_case, payment, status, stage) => {
      const { cancel, stored } = createCancelHarness({
        ...payment,
        cancelRequestedAt: noon.toISOString(),
      });

      const answer = await cancel({ key: 'another' });

      expect(answer).toMatchObject({ status: 202, body: { status, stage } });
      expect(stored()).toMatchObject({ status: stage, cancelRequestedAt: noon.toISOString() });
    },
  );

  it('returns one response per key, even without its idempotency record', async () => {
    const { cancel, answers, stored } = createCancelHarness(reserved);
    const first = await cancel();
    const version = stored().version;

    const second = await cancel();
    answers.forget();
    const rebuilt = await cancel();

    for (const answer of [second, rebuilt]) {
      expect(answer.body).toEqual(first.body);
      expect(answer.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    }
    expect(stored().version).toBe(version);
  });

  it.each([
    ['claims it', 'CHARGING', () => afterTransitions(reserved, 'claimed')],
    ['completes it', undefined, () => afterTransitions(reserved, 'claimed', 'captured')],
  ])('reads again if the charger %s in the meantime', async (_case, stage, meanwhile) => {
    const { cancel, payments, tables } = createCancelHarness(reserved);
    const { tryUpdate: update } = payments;
    payments.tryUpdate = (before, after) => {
      tables.put('Payments', meanwhile());

      return update(before, after);
    };

    const { status, body } = await cancel();

    if (stage === undefined) expect(body).toMatchObject({ code: 'payment-not-cancellable' });
    else expect({ status, body }).toMatchObject({ status: 202, body: { stage } });
  });

  it.each([
    ['that is not claimed', reserved],
    ['that is in flight', afterTransitions(reserved, 'claimed')],
  ])('shows the reason for a payment %s in the timeline', async (_what, payment) => {
    const { cancel, stored } = createCancelHarness(payment);

    expect(await cancel({ body: { reason: ' Wrong size. ' } })).toMatchObject({ status: 202 });

    expect(stored().cancelReason).toBe('Wrong size.');
    expect(JSON.stringify(buildTimeline(stored()))).toContain(': Wrong size.');
  });

  it.each([undefined, {}, ' {} '])('accepts an empty body or none: %j', async (body) => {
    const { cancel, stored } = createCancelHarness(reserved);

    expect(await cancel({ body })).toMatchObject({ status: 202 });
    expect(stored()).not.toHaveProperty('cancelReason');
  });

  it.each([
    [{ reason: 'x', amount: 100 }, '/amount'],
    [{ nonsense: 1 }, '/nonsense'],
    [{ reason: '' }, '/reason'],
    [[], ''],
    ['null', ''],
  ])('rejects an unknown body: %j', async (body, pointer) => {
    const { cancel, stored, answers } = createCancelHarness(reserved);

    expect(await cancel({ body })).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect(stored()).toEqual(reserved);
    expect(answers.stored()).toEqual([]);
  });

  it('rejects another body under the same key', async () => {
    const { cancel } = createCancelHarness(reserved);

    await cancel();
    expect(await cancel({ body: { reason: 'x' } })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await cancel({ body: {} })).toMatchObject({ status: 202 });
  });

  it('reads again if the payment is decided before the request is recorded', async () => {
    const charging = afterTransitions(reserved, 'claimed');
    const { cancel, payments, tables, stored } = createCancelHarness(charging);
    const { recordCancelRequest: noteCancel } = payments;
    payments.recordCancelRequest = (before, at) => {
      const notSent = transitionPayment(charging, 'chargeNotSent', { at: later(30), by: 'test' });
      if (stored().status === 'CHARGING') tables.put('Payments', notSent);

      return noteCancel(before, at);
    };

    expect(await cancel()).toMatchObject({ status: 202, body: { status: 'FAILED' } });
    expect(stored()).not.toHaveProperty('cancelRequestedAt');
  });

  it("answers another buyer's payment like a missing one", async () => {
    const { cancel, stored } = createCancelHarness(reserved);

    const theirs = await cancel({ buyer: 'bob' });
    const none = await cancel({ buyer: 'bob', paymentId: 'pay_2' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(JSON.parse(JSON.stringify(theirs).replaceAll('pay_1', 'pay_2'))).toEqual(none);
    expect(stored()).toEqual(reserved);
  });

  it('rejects a request without an idempotency key', async () => {
    const { cancel } = createCancelHarness(reserved);

    expect(await cancel({ key: '' })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-missing' },
    });
  });
});
