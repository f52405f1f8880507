import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compose as addLoyaltyPoints } from '../../../functions/add-loyalty-points/compose.ts';
import { compose as updateRanking } from '../../../functions/update-ranking/compose.ts';
import { type DomainEvent, eventIdOf } from '../../../shared/domain/events/domain-event.ts';
import type { SaleEventName } from '../../../shared/domain/outbox/stored-event.ts';
import { replayPaymentEvent } from '../../../shared/domain/payments/payment-events.ts';
import { replayRefundEvent } from '../../../shared/domain/refunds/refund-events.ts';
import { applyRefundSuccess } from '../../../shared/domain/refunds/refund-settlement.ts';
import { queueMessageBody } from '../../../shared/lambda/queued-event.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { flushMetrics } from '../../../shared/observability/metrics.ts';
import { noon } from '../../support/builders/builders.ts';
import { aQueueRecord } from '../../support/builders/queue-record.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundSuccess,
} from '../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../support/fakes/memory-idempotency-table.ts';
import { MemorySqs } from '../../support/fakes/memory-sqs.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';

const environment = {
  PAYMENTS_TABLE: 'Payments',
  REFUNDS_TABLE: 'Refunds',
  RANKINGS_TABLE: 'Rankings',
  LOYALTY_POINTS_TABLE: 'LoyaltyPoints',
  POINTS_RATE_PERCENT: '1',
  QUEUE_URL: 'queue',
  TIMINGS: 'local',
};

const paid = aPaidOrder({ userId: 'alice' });
const unpaid = {
  ...paid.payment,
  status: 'RESERVED',
  version: 1,
  history: paid.payment.history.slice(0, 1),
};
const requested = aRefund(paid, { lines: [{ sku: 'tea', quantity: 1, restock: true }] }, 'rfd_1');
const refunded = applyRefundSuccess(requested, refundSuccess);
const sale = replayPaymentEvent(
  paid.payment,
  'PaymentCompleted',
) as DomainEvent<'PaymentCompleted'>;
const back = replayRefundEvent(
  refunded.refund,
  'RefundCompleted',
) as DomainEvent<'RefundCompleted'>;

/** The two consumers that credit something, as they are deployed, over one database in memory. */
const createConsumers = () => {
  const tables = new MemoryDynamo({
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Rankings: ['day', 'entry'],
    LoyaltyPoints: ['userId', 'entry'],
  });
  const send = vi.spyOn(tables, 'send');
  const platform = {
    environment,
    db: tables.client,
    dynamoDb: createMemoryIdempotencyTable().dynamoDb,
    clock: { now: () => later(90) },
    sleep: async () => {},
    random: Math.random,
    randomId: randomUUID,
    createSqs: () => new MemorySqs().client,
  };
  const handlers = {
    'update-ranking': updateRanking(platform),
    'add-loyalty-points': addLoyaltyPoints(platform),
  };

  return {
    put: (table: string, item: object) => tables.put(table, item),
    /** How often a payment was read. */
    paymentReads: () =>
      send.mock.calls.filter(
        ([command]) => command instanceof GetCommand && command.input.TableName === 'Payments',
      ).length,
    effects: () => [...tables.items('Rankings'), ...tables.items('LoyaltyPoints')],
    points: () => tables.items<{ points: number }>('LoyaltyPoints').map(({ points }) => points),
    units: () =>
      tables.items<{ units?: number }>('Rankings').reduce((sum, { units = 0 }) => sum + units, 0),
    /** The number of failed messages. */
    deliver: async (consumer: keyof typeof handlers, event: object) => {
      const response = await handlers[consumer](
        { Records: [aQueueRecord(queueMessageBody(event as DomainEvent))] },
        aLambdaContext(),
      );

      return (response as SQSBatchResponse).batchItemFailures.length;
    },
  };
};

/** An event with other data. */
const changed = <N extends SaleEventName>(event: DomainEvent<N>, data: object) => ({
  ...event,
  data: { ...event.data, ...data },
});

/** Another id of the same payment or refund. */
const renamed = (event: DomainEvent, version: number) => ({
  ...event,
  id: eventIdOf(event.subject, version),
});

const forgeries: readonly [what: string, event: object, reason: string][] = [
  [
    'a sale of a payment that does not exist',
    { ...changed(sale, { paymentId: 'pay_x' }), subject: 'pay_x', id: 'pay_x-3' },
    'pay_x does not exist',
  ],
  ['a sale with another amount', changed(sale, { amount: 9_999_999 }), 'amount is 9999999'],
  ['a sale in another currency', changed(sale, { currency: 'JPY' }), 'currency is JPY'],
  ['a sale of another buyer', changed(sale, { userId: 'mallory' }), 'userId is mallory'],
  ['a sale of another payment', changed(sale, { paymentId: 'pay_x' }), 'paymentId is pay_x'],
  [
    'a sale in a version that does not complete the payment',
    renamed(sale, 2),
    'has no PaymentCompleted',
  ],
  ['a sale in a version of the future', renamed(sale, 99), 'has no PaymentCompleted'],
  [
    'a sale with two ids',
    { ...sale, id: `${sale.id}.0` },
    `the event of ${sale.subject} is ${sale.id}`,
  ],
  [
    'a refund that does not exist',
    { ...changed(back, { refundId: 'rfd_x' }), subject: 'rfd_x', id: 'rfd_x-2' },
    'rfd_x does not exist',
  ],
  ['a refund with another amount', changed(back, { amount: 1 }), 'amount is 1'],
  ['a refund of another payment', changed(back, { paymentId: 'pay_x' }), 'paymentId is pay_x'],
  ['a refund in another version', renamed(back, 7), `the event of rfd_1 is ${back.id}`],
];

const consumers = ['update-ranking', 'add-loyalty-points'] as const;

afterEach(() => {
  flushMetrics();
  vi.restoreAllMocks();
});

describe.each(consumers)('%s', (consumer) => {
  it.each(forgeries)('adds nothing for %s, and says why', async (_what, event, reason) => {
    const error = vi.spyOn(logger, 'error').mockReturnValue(undefined);
    const { put, deliver, effects } = createConsumers();
    put('Payments', refunded.payment);
    put('Refunds', refunded.refund);

    expect(await deliver(consumer, event)).toBe(1);

    expect(effects()).toEqual([]);
    const mismatch = { name: 'EventMismatchError', message: expect.stringContaining(reason) };
    expect(error).toHaveBeenCalledWith(
      'message failed',
      expect.objectContaining({ error: expect.objectContaining(mismatch) }),
    );
  });

  it.each([
    ['a payment that is not completed', sale, 'Payments', unpaid],
    ['a refund that is not settled', back, 'Refunds', requested.refund],
  ] as const)('adds nothing for an event of %s', async (_what, event, table, record) => {
    vi.spyOn(logger, 'error').mockReturnValue(undefined);
    const { put, deliver, effects } = createConsumers();
    put(table, record);

    expect(await deliver(consumer, event)).toBe(1);

    expect(effects()).toEqual([]);
  });

  it('applies a sale and its return once, however often each is delivered', async () => {
    const { put, deliver, points, units } = createConsumers();
    put('Payments', refunded.payment);
    put('Refunds', refunded.refund);

    for (const event of [sale, sale, back, back, sale, back])
      expect(await deliver(consumer, event)).toBe(0);

    const left = paid.payment.amount - refunded.refund.amount;
    if (consumer === 'update-ranking') expect(units()).toBe(1);
    else expect(points()).toEqual([Math.floor(left / 100)]);
  });

  it('reads the payment once for each delivery of its sale', async () => {
    const { put, deliver, paymentReads } = createConsumers();
    put('Payments', refunded.payment);

    await deliver(consumer, sale);
    expect(paymentReads()).toBe(1);
    await deliver(consumer, sale);
    expect(paymentReads()).toBe(2);
  });

  it('uses the units and amounts that are stored', async () => {
    const { put, deliver, points, units } = createConsumers();
    put('Payments', refunded.payment);
    put('Refunds', refunded.refund);
    const lines = [{ sku: 'tea', quantity: 100 }];

    expect(await deliver(consumer, changed(sale, { lines, completedAt: noon.toISOString() }))).toBe(
      0,
    );
    expect(
      await deliver(consumer, changed(back, { lines, remainingAmount: 0, paymentVersion: 99 })),
    ).toBe(0);

    const left = paid.payment.amount - refunded.refund.amount;
    if (consumer === 'update-ranking') expect(units()).toBe(1);
    else expect(points()).toEqual([Math.floor(left / 100)]);
  });
});
