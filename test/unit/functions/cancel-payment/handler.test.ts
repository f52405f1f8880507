import { describe, expect, it } from 'vitest';
import {
  cancelPayment,
  toCancelledPaymentResponse,
} from '../../../../functions/cancel-payment/handler.ts';
import { cancelPaymentSchema } from '../../../../functions/cancel-payment/request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { buildTimeline } from '../../../../shared/domain/timeline/timeline.ts';
import { idempotentRoute } from '../../../../shared/http/idempotent-route.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const reserved = aPayment({
  order: anOrder({ userId: 'alice', orderId: 'ord_1' }),
  paymentId: 'pay_1',
});

interface CancelOptions {
  readonly buyer?: string;
  readonly key?: string;
  readonly paymentId?: string;
  readonly body?: unknown;
}

/** POST /payments/pay_1/cancel as composed, over one payment of Alice. */
const createHarness = (stored: Payment) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  tables.put('Payments', stored);
  const answers = createMemoryIdempotencyTable();
  const payments = createPaymentRepository(tables.client, 'Payments');
  const inquiries: string[] = [];
  const world = { isQueueDown: false };
  const inquire = async ({ paymentId }: Payment) => {
    if (world.isQueueDown) throw new Error('the queue is down');

    return inquiries.push(paymentId) > 0;
  };
  const handler = idempotentRoute(
    {
      name: 'cancel-payment',
      schema: cancelPaymentSchema,
      parameter: 'paymentId',
      ...answers.store,
    },
    cancelPayment({ payments, inquire, clock: { now: () => later(60) } }),
    toCancelledPaymentResponse,
  );

  return {
    tables,
    payments,
    inquiries,
    world,
    answers,
    stored: () => tables.items<Payment>('Payments')[0] as Payment,
    cancel: ({ buyer = 'alice', key = 'k-1', paymentId = 'pay_1', body }: CancelOptions = {}) =>
      call(handler, { method: 'POST', path: `/payments/${paymentId}/cancel`, buyer, key, body }),
  };
};

describe('cancel payment', () => {
  it('fails an unclaimed payment, with evidence that nothing was sent', async () => {
    const { cancel, stored } = createHarness(reserved);

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

  it('immediately releases a payment that waits for a payment method', async () => {
    const { cancel, stored } = createHarness(aWaitingPayment());

    expect(await cancel()).toMatchObject({
      status: 202,
      body: { status: 'FAILED', failure: { code: 'cancelled-by-buyer' } },
    });

    expect(stored()).toMatchObject({ status: 'FAILED', version: 2 });
  });

  it.each([
    ['CHARGING', afterTransitions(reserved, 'claimed'), 'PENDING'],
    ['REQUIRES_ACTION', afterTransitions(reserved, 'claimed', 'actionRequired'), 'REQUIRES_ACTION'],
    ['UNKNOWN', afterTransitions(reserved, 'claimed', 'outcomeUnknown'), 'CONFIRMING'],
    ['IN_REVIEW', afterTransitions(reserved, 'claimed', 'reviewOpened'), 'UNDER_REVIEW'],
  ])(
    'records the request for a payment in %s without a version conflict',
    async (stage, payment, status) => {
      const { cancel, stored } = createHarness(payment);

      expect(await cancel()).toMatchObject({ status: 202, body: { stage, status } });

      expect(stored()).toEqual({ ...payment, cancelRequestedAt: later(60).toISOString() });
    },
  );

  it('requests an inquiry, which cancels the charge, while the gateway waits for the buyer', async () => {
    const waiting = createHarness(afterTransitions(reserved, 'claimed', 'actionRequired'));
    const charging = createHarness(afterTransitions(reserved, 'claimed'));

    await waiting.cancel();
    await waiting.cancel({ key: 'k-2' });
    await charging.cancel();

    expect(waiting.inquiries).toEqual(['pay_1', 'pay_1']);
    expect(charging.inquiries).toEqual([]);
  });

  it('succeeds if the inquiry cannot be requested: the time for the action ends', async () => {
    const payment = afterTransitions(reserved, 'claimed', 'actionRequired');
    const { cancel, stored, world } = createHarness(payment);
    world.isQueueDown = true;

    expect(await cancel()).toMatchObject({ status: 202 });

    expect(stored()).toEqual({ ...payment, cancelRequestedAt: later(60).toISOString() });
  });

  it('decides again if the gateway begins to wait while the request is recorded', async () => {
    const claimed = afterTransitions(reserved, 'claimed');
    const { cancel, inquiries, payments, tables } = createHarness(claimed);
    const record = payments.recordCancelRequest;
    payments.recordCancelRequest = (payment, request) => {
      if (payment.status === 'CHARGING')
        tables.put('Payments', afterTransitions(claimed, 'actionRequired'));

      return record(payment, request);
    };

    expect(await cancel()).toMatchObject({ body: { stage: 'REQUIRES_ACTION' } });

    expect(inquiries).toEqual(['pay_1']);
  });

  it.each([
    ['COMPLETED', afterTransitions(reserved, 'claimed', 'captured')],
    ['FAILED', afterTransitions(reserved, 'claimed', 'declined')],
    ['FAILED', afterTransitions(reserved, 'claimed', 'declined', 'compensated', 'lateCaptured')],
  ])('rejects a payment that is %s', async (status, payment) => {
    const { cancel, stored } = createHarness(payment);

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
      const { cancel, stored } = createHarness({
        ...payment,
        cancelRequestedAt: noon.toISOString(),
      });

      const answer = await cancel({ key: 'another' });

      expect(answer).toMatchObject({ status: 202, body: { status, stage } });
      expect(stored()).toMatchObject({ status: stage, cancelRequestedAt: noon.toISOString() });
    },
  );

  it('returns one response per key, even without its idempotency record', async () => {
    const { cancel, answers, stored } = createHarness(reserved);
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
    const { cancel, payments, tables } = createHarness(reserved);
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
    const { cancel, stored } = createHarness(payment);

    expect(await cancel({ body: { reason: ' Wrong size. ' } })).toMatchObject({ status: 202 });

    expect(stored().cancelReason).toBe('Wrong size.');
    expect(JSON.stringify(buildTimeline(stored()))).toContain(': Wrong size.');
  });

  it.each([undefined, {}, ' {} '])('accepts an empty body or none: %j', async (body) => {
    const { cancel, stored } = createHarness(reserved);

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
    const { cancel, stored, answers } = createHarness(reserved);

    expect(await cancel({ body })).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect(stored()).toEqual(reserved);
    expect(answers.stored()).toEqual([]);
  });

  it('rejects another body under the same key', async () => {
    const { cancel } = createHarness(reserved);

    await cancel();
    expect(await cancel({ body: { reason: 'x' } })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await cancel({ body: {} })).toMatchObject({ status: 202 });
  });

  it('reads again if the payment is decided before the request is recorded', async () => {
    const charging = afterTransitions(reserved, 'claimed');
    const { cancel, payments, tables, stored } = createHarness(charging);
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
    const { cancel, stored } = createHarness(reserved);

    const theirs = await cancel({ buyer: 'bob' });
    const none = await cancel({ buyer: 'bob', paymentId: 'pay_2' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(JSON.parse(JSON.stringify(theirs).replaceAll('pay_1', 'pay_2'))).toEqual(none);
    expect(stored()).toEqual(reserved);
  });

  it('rejects a request without an idempotency key', async () => {
    const { cancel } = createHarness(reserved);

    expect(await cancel({ key: '' })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-missing' },
    });
  });
});
