import { describe, expect, it } from 'vitest';
import { getOperatorTimeline } from '../../../../functions/get-operator-timeline/handler.ts';
import { pseudonymOf } from '../../../../shared/domain/erasure/pseudonymise.ts';
import { deriveReviewId } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import { createCompensationRepository } from '../../../../shared/persistence/compensation-repository.ts';
import { createConsumerStatusReader } from '../../../../shared/persistence/consumer-status.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../../../shared/persistence/refund-repository.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const at = (seconds: number) => later(seconds).toISOString();

/** The route over these items, by table. */
const createTimelineReader = (
  items: Readonly<Record<string, readonly object[]>>,
  now: Date = later(60),
) => {
  const db = new MemoryDynamo({
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Compensations: ['paymentId', 'target'],
    Deliveries: ['eventId', 'consumer'],
    Rankings: ['day', 'entry'],
    LoyaltyPoints: ['userId', 'entry'],
    Reviews: ['reviewId'],
  });
  for (const [table, all] of Object.entries(items)) for (const item of all) db.put(table, item);
  const { client } = db;
  const handler = httpHandler(
    getOperatorTimeline({
      payments: createPaymentRepository(client, 'Payments'),
      compensations: createCompensationRepository(client, 'Compensations'),
      refunds: createRefundRepository(client, 'Refunds'),
      consumerStatus: createConsumerStatusReader(client, tableNames, { clock: { now: () => now } }),
      timings: timings.local,
    }),
  );

  return async (paymentId: string, scope: string = operatorScope) => {
    const path = `/operator/payments/${paymentId}/timeline`;
    const { status, body } = await call(handler, { method: 'GET', path, buyer: 'olivia', scope });

    return {
      status,
      body,
      entries: (body.entries ?? []).map(({ kind, detail }: Record<string, string>) => [
        kind,
        detail,
      ]),
      due: (body.pendingActions ?? []).map(({ detail }: Record<string, string>) => detail),
    };
  };
};

/** Alice's payment: captured two seconds after noon, 1,000 of it refunded after a minute. */
const refunded = (): { payment: Payment; refund: Refund } =>
  applyRefundSuccess(
    aRefund(aPaidOrder({ userId: 'alice' }), { amount: 1_000 }, 'rfd_1'),
    refundSuccess,
  );

/** What each consumer stores about these two. */
const consumerMarkers = ({ paymentId }: Payment) => {
  const delivered = (eventId: string, listener: string, seconds: number) => ({
    eventId,
    consumer: listener,
    paymentId,
    deliveredAt: at(seconds),
  });
  const [sale, back] = [`${paymentId}-3`, 'rfd_1-2'];

  return {
    Deliveries: [
      delivered(sale, 'send-to-data-platform', 3),
      delivered(sale, 'notify-buyer', 4),
      delivered(`points_${paymentId}-1`, 'notify-buyer', 7),
      delivered(back, 'send-to-data-platform', 61),
      delivered(back, 'notify-buyer', 62),
      delivered(`points_${paymentId}-2`, 'notify-buyer', 70),
    ],
    Rankings: [
      // An earlier version has counted the sale.
      { day: '2026-03-14', entry: `EVENT#${sale}`, countedAt: at(5) },
      { day: `EVENT#${back}`, entry: `EVENT#${back}`, countedAt: at(63) },
    ],
    LoyaltyPoints: [
      {
        userId: 'alice',
        entry: `PAYMENT#${paymentId}`,
        paymentId,
        paymentVersion: 5,
        points: 40,
        version: 2,
        at: at(64),
        history: [
          { at: at(6), paymentVersion: 3, points: 50 },
          { at: at(64), paymentVersion: 5, points: 40 },
        ],
      },
    ],
  };
};

describe('get operator timeline', () => {
  it('shows what each consumer did', async () => {
    const { payment, refund } = refunded();
    const explain = createTimelineReader({
      Payments: [payment],
      Refunds: [refund],
      ...consumerMarkers(payment),
    });

    const { status, body, entries, due } = await explain(payment.paymentId);

    expect(status).toBe(200);
    expect(body).toMatchObject({ userId: 'alice', status: 'PARTIALLY_REFUNDED', attempt: 1 });
    expect(entries).toEqual([
      ['accept', 'accept committed: 2000 KRW from the balance, 3000 KRW by the gateway'],
      ['event', 'PaymentReserved'],
      ['claim', 'the charger claims'],
      ['charge', 'approved; amount, currency and reference agree'],
      ['event', 'PaymentCompleted'],
      ['consumer', 'send-to-data-platform delivered PaymentCompleted'],
      ['consumer', 'notify-buyer delivered PaymentCompleted'],
      ['consumer', 'update-ranking counted PaymentCompleted'],
      ['consumer', 'add-loyalty-points set 50 points after PaymentCompleted'],
      ['event', 'PointsAdded'],
      ['consumer', 'notify-buyer delivered PointsAdded'],
      [
        'refund',
        'rfd_1 of 1000 KRW: requested within the refundable amount: 1000 KRW by the gateway',
      ],
      ['event', 'RefundRequested'],
      ['refund', 'rfd_1 of 1000 KRW: paid back'],
      ['event', 'RefundCompleted'],
      ['consumer', 'send-to-data-platform delivered RefundCompleted'],
      ['consumer', 'notify-buyer delivered RefundCompleted'],
      ['consumer', 'update-ranking counted RefundCompleted'],
      ['consumer', 'add-loyalty-points set 40 points after RefundCompleted'],
      ['event', 'PointsCorrected'],
      ['consumer', 'notify-buyer delivered PointsCorrected'],
    ]);
    expect(due).toEqual([]);
  });

  it('shows pending deliveries, and late ones as delivered', async () => {
    const { payment, refund } = refunded();
    const { LoyaltyPoints } = consumerMarkers(payment);
    const [points] = LoyaltyPoints;
    const overtaken = { ...points, version: 1, history: points?.history.slice(1) };
    const items = { Payments: [payment], Refunds: [refund], LoyaltyPoints: [overtaken] };

    const { due } = await createTimelineReader(items)(payment.paymentId);

    const missing = due.map((detail: string) => detail.split(' ').slice(0, 5).join(' '));
    expect(missing).toEqual([
      'send-to-data-platform has not processed PaymentCompleted',
      'notify-buyer has not processed PaymentCompleted',
      'update-ranking has not processed PaymentCompleted',
      'send-to-data-platform has not processed RefundCompleted',
      'notify-buyer has not processed RefundCompleted',
      'update-ranking has not processed RefundCompleted',
      'notify-buyer has not processed PointsAdded',
    ]);
  });

  it('expects no effect of an event whose marker may be deleted', async () => {
    const { payment, refund } = refunded();
    const items = { Payments: [payment], Refunds: [refund] };
    const dueOf = async (consumer: string, days: number) =>
      (await createTimelineReader(items, later(60 + days * 86_400))(payment.paymentId)).due.filter(
        (detail: string) => detail.startsWith(consumer),
      );

    expect(await dueOf('update-ranking', 89)).toHaveLength(2);
    expect(await dueOf('update-ranking', 91)).toEqual([]);
    expect(await dueOf('notify-buyer', 399)).toHaveLength(2);
    expect(await dueOf('notify-buyer', 401)).toEqual([]);
  });

  it('expects no points of a buyer who is erased', async () => {
    const { payment, refund } = refunded();
    const dueOf = async (userId: string) => {
      const items = { Payments: [{ ...payment, userId }], Refunds: [refund] };

      return (await createTimelineReader(items)(payment.paymentId)).due.filter((detail: string) =>
        detail.startsWith('add-loyalty-points'),
      );
    };

    expect(await dueOf(payment.userId)).toHaveLength(2);
    expect(await dueOf(pseudonymOf('0af76519-16cd-43dd-8448-eb211c80319c'))).toEqual([]);
  });

  it('shows the open review and no payment method', async () => {
    const payment = afterTransitions(
      aPayment({ paymentMethod: 'sim_secret' }),
      'claimed',
      'reviewOpened',
    );
    const reviewId = deriveReviewId(payment.paymentId, 3);
    const review = {
      reviewId,
      kind: 'payment',
      paymentId: payment.paymentId,
      code: 'mismatch',
      amountAtRisk: 5_000,
      currency: 'KRW',
      status: 'OPEN',
      openedAt: at(3),
      audit: [],
    };

    const { entries, due, body } = await createTimelineReader({
      Payments: [payment],
      Reviews: [review],
    })(payment.paymentId);

    expect(entries.at(-1)).toEqual(['review', `${reviewId} opened: mismatch, 5000 KRW at risk`]);
    expect(due).toEqual(['an operator decides', `${reviewId} is open: mismatch`]);
    expect(JSON.stringify(body)).not.toContain('sim_secret');
  });

  it('shows that a payment waits for its buyer, but not where the buyer acts', async () => {
    const waiting = aWaitingPayment({ returnUrl: 'https://shop.example/private' });
    const challenged = afterTransitions(waiting, 'confirmed', 'claimed', 'actionRequired');

    const method = await createTimelineReader({ Payments: [waiting] })('pay_1');
    const action = await createTimelineReader({ Payments: [challenged] })('pay_1');

    expect(method.due[0]).toContain('provides a payment method');
    expect(method.entries[0]).toEqual([
      'accept',
      expect.stringContaining('accept committed without a payment method'),
    ]);
    expect(action.entries).toContainEqual(['transition', 'the buyer provides a payment method']);
    for (const { body } of [method, action]) {
      expect(body).toMatchObject({ status: 'REQUIRES_ACTION' });
      expect(body).not.toHaveProperty('nextAction');
      expect(JSON.stringify(body)).not.toMatch(/shop\.example|bank\.example|cnf_/);
    }
  });

  it('answers 404 for a missing payment', async () => {
    expect(await createTimelineReader({})('pay_none')).toMatchObject({
      status: 404,
      body: { code: 'payment-not-found', detail: 'There is no payment "pay_none".' },
    });
  });

  it('rejects a caller who is not an operator', async () => {
    const { payment } = refunded();

    expect(
      await createTimelineReader({ Payments: [payment] })(payment.paymentId, ''),
    ).toMatchObject({
      status: 403,
    });
  });
});
