import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { DomainEvent, EventName } from '../../shared/domain/events/domain-event.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import { derivePaymentId } from '../../shared/domain/ids.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { parsePointsRate, pointsFor } from '../../shared/domain/points/points-rate.ts';
import { replayRefundEvent } from '../../shared/domain/refunds/refund-events.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import { traceIdOf } from '../../shared/observability/trace-context.ts';
import { rankingKey } from '../../shared/persistence/dynamodb/keys.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api } from '../support/stack/api-client.ts';
import { db, stack } from '../support/stack/aws-clients.ts';
import { dataPlatform, notifications } from '../support/stack/external-systems.ts';
import { environmentVariable } from '../support/stack/function-environment.ts';
import { deliver, publish } from '../support/stack/messages.ts';
import { consumerQueue, takeMessage, waitForMessage } from '../support/stack/queues.ts';
import { refunds, storedPayment } from '../support/stack/repositories.ts';
import { aBuyer, anOrder, aProduct } from '../support/stack/stack-fixtures.ts';

const consumersOf = (name: EventName) =>
  Object.entries(subscriptions)
    .filter(([, subscribed]) => (subscribed as readonly string[]).includes(name))
    .map(([folder]) => folder);

const consumers = consumersOf('PaymentCompleted');

const unitsSold = async (sku: string, day: string): Promise<unknown> => {
  const { Item } = await db.send(
    new GetCommand({
      TableName: stack.tables.rankings,
      Key: rankingKey.count(day, sku),
      ConsistentRead: true,
    }),
  );

  return Item?.units;
};

/** All effects of the consumers for a payment of two units of `sku`. */
const effectsOf = async ({ paymentId, buyer }: AcceptedPayment, sku: string) => {
  const { updatedAt } = await storedPayment(paymentId);

  return effectsOn({ paymentId, buyer, sku, soldAt: updatedAt });
};

interface Sale {
  readonly paymentId: string;
  readonly buyer: string;
  readonly sku: string;
  readonly soldAt: string;
}

const effectsOn = async ({ paymentId, buyer, sku, soldAt }: Sale) => {
  const notified = await notifications.received(paymentId);
  const sent = await dataPlatform.received(paymentId);

  return {
    points: (await api.send({ method: 'GET', path: '/me/points', buyer })).body.points,
    units: await unitsSold(sku, utcDayOf(new Date(soldAt))),
    attempts: {
      notified: notified.map(({ attempts }) => attempts),
      sent: sent.map((one) => one.attempts),
    },
    notified: notified.map(({ body }) => (body as { type: string }).type).toSorted(),
    sent: sent.map(({ body }) => (body as { type: string }).type),
  };
};

const expectedPoints = async (amount: number) =>
  pointsFor(
    amount,
    parsePointsRate(await environmentVariable('add-loyalty-points', 'POINTS_RATE_PERCENT')),
  );

/** A settled payment for two units of a product, with its event. */
const aCompletedSale = async () => {
  const buyer = await aBuyer();
  const sku = await aProduct({ price: 2_500 });
  const payment = await api.accepted(await anOrder({ buyer, lines: [{ sku, quantity: 2 }] }));
  await api.settled(payment);
  const stored = await storedPayment(payment.paymentId);

  return { sku, payment, completed: replayPaymentEvent(stored, 'PaymentCompleted') };
};

/** Delivers until the consumer accepts it: a concurrent delivery defers it. */
const deliverUntilAccepted = (folder: string, event: DomainEvent) =>
  eventually(async () => expect(await deliver(folder, event)).toEqual({ batchItemFailures: [] }));

describe.concurrent('consumers of a completed payment', () => {
  it('applies each effect once when the event is delivered twice', async () => {
    const buyer = await aBuyer();
    const sku = await aProduct({ price: 2_500 });
    const order = await anOrder({ buyer, lines: [{ sku, quantity: 2 }] });
    const payment = await api.accepted(order);
    const once = {
      points: await expectedPoints(5_000),
      units: 2,
      attempts: { notified: [1, 1], sent: [1] },
      notified: ['aftercommit.payment.completed.v1', 'aftercommit.points.added.v1'],
      sent: ['aftercommit.payment.completed.v1'],
    };
    await eventually(async () => expect(await effectsOf(payment, sku)).toEqual(once));
    const [delivery, ...notified] = [
      ...(await dataPlatform.received(payment.paymentId)),
      ...(await notifications.received(payment.paymentId)),
    ];
    const { traceparent = '' } = await storedPayment(payment.paymentId);
    expect(traceIdOf(traceparent)).toBeDefined();
    for (const each of [delivery, ...notified])
      expect(each?.headers).toMatchObject({ traceparent });
    const completed = { name: 'PaymentCompleted', ...(delivery?.body as object) } as DomainEvent;

    await publish(completed);
    await publish(completed);
    await Promise.all(consumers.map((folder) => deliverUntilAccepted(folder, completed)));
    await Promise.all(consumers.map((folder) => deliverUntilAccepted(folder, completed)));

    expect(await effectsOf(payment, sku)).toEqual(once);
  });

  it('isolates a failing receiver and catches up from its dead-letter queue', async () => {
    const buyer = await aBuyer();
    const sku = await aProduct({ price: 2_500 });
    const order = await anOrder({ buyer, lines: [{ sku, quantity: 2 }] });
    const key = randomUUID();
    const paymentId = derivePaymentId(buyer, key);
    const { url, deadLettersUrl } = consumerQueue('send-to-data-platform');
    await dataPlatform.behave({ status: 500, paymentIds: [paymentId] });

    const payment = await api.accepted(order, { key });
    await waitForMessage(deadLettersUrl, paymentId);

    expect(payment.paymentId).toBe(paymentId);
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    expect((await dataPlatform.received(paymentId)).map(({ accepted }) => accepted)).toEqual([
      false,
    ]);
    await eventually(async () =>
      expect(await effectsOf(payment, sku)).toMatchObject({
        points: await expectedPoints(5_000),
        units: 2,
        attempts: { notified: [1, 1] },
      }),
    );

    await dataPlatform.behave({ paymentIds: [paymentId] });
    await takeMessage(deadLettersUrl, paymentId, url);
    await eventually(async () =>
      expect(await dataPlatform.received(paymentId)).toMatchObject([{ accepted: true }]),
    );
  });
});

describe.concurrent('consumers of a refund', () => {
  it('corrects points and ranking once, also if its events come again', async () => {
    const { sku, payment, completed } = await aCompletedSale();
    const effects = () => effectsOn({ ...payment, sku, soldAt: completed.time });

    const refund = await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: true }] });

    const refunded = replayRefundEvent(
      await refunds.getOrThrow(`${refund.refundId}`),
      'RefundCompleted',
    );
    const once = { points: await expectedPoints(2_500), units: 1 };
    await eventually(async () => {
      const { notified, sent, ...credited } = await effects();
      expect(credited).toMatchObject(once);
      expect(notified).toContain('aftercommit.refund.completed.v1');
      expect(sent).toHaveLength(2);
    });
    for (const folder of consumersOf('RefundCompleted'))
      for (const event of [refunded, completed, refunded])
        await deliverUntilAccepted(folder, event);

    expect(await effects()).toMatchObject(once);
  });

  it.each(['update-ranking', 'add-loyalty-points'])(
    'adds nothing in %s for an event with another amount than its payment',
    async (folder) => {
      const { sku, payment, completed } = await aCompletedSale();
      const once = { points: await expectedPoints(5_000), units: 2 };
      await eventually(async () => expect(await effectsOf(payment, sku)).toMatchObject(once));

      const forged = { ...completed, data: { ...completed.data, amount: 500_000 } };

      expect((await deliver(folder, forged as DomainEvent)).batchItemFailures).toHaveLength(1);
      expect(await effectsOf(payment, sku)).toMatchObject(once);
    },
  );
});

describe.concurrent('a notification', () => {
  it('announces pending points, then added points, and is signed', async () => {
    const payment = await api.accepted(await anOrder());

    const notified = await eventually(async () => {
      const found = await notifications.received(payment.paymentId);
      expect(found).toHaveLength(2);

      return found;
    });

    expect(notified.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'aftercommit.payment.completed.v1',
          message: expect.stringContaining('points will be added'),
        }),
        expect.objectContaining({
          type: 'aftercommit.points.added.v1',
          points: await expectedPoints(2_500),
        }),
      ]),
    );
    for (const { headers } of notified) {
      expect(headers).toMatchObject({
        'webhook-id': expect.stringMatching(/-\d+$/),
        'webhook-signature': expect.stringMatching(/^v1,/),
      });
    }
  });
});
