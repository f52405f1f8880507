import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { addLoyaltyPoints, findPoints } from '../../../functions/add-loyalty-points/handler.ts';
import { closeReview, findClosed } from '../../../functions/close-review/handler.ts';
import { findOpened, openReview } from '../../../functions/open-review/handler.ts';
import {
  findRequested,
  refundCancelledPayment,
} from '../../../functions/refund-cancelled-payment/handler.ts';
import { findCount, updateRanking } from '../../../functions/update-ranking/handler.ts';
import { createRequestRefund } from '../../../shared/application/refunds/request-refund.ts';
import { createOpenReview } from '../../../shared/application/reviews/open-review.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { createDomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { subscriptions } from '../../../shared/domain/events/subscriptions.ts';
import { withCancelRequest } from '../../../shared/domain/payments/payment-transitions.ts';
import { parsePointsRate } from '../../../shared/domain/points/points-rate.ts';
import { idempotentByMarker } from '../../../shared/lambda/marker-idempotency.ts';
import type { HandlingResult } from '../../../shared/lambda/message-deferral.ts';
import { createDeliveryRepository } from '../../../shared/persistence/delivery-repository.ts';
import { createPointsRepository } from '../../../shared/persistence/points-repository.ts';
import { createRankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  asConfirmed,
  noonClock,
} from '../../support/builders/consumer-events.ts';
import { applyTransition } from '../../support/builders/payment-history.ts';
import { later } from '../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../support/fakes/memory-repositories.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';
import { createRefundRequestHarness } from './request-refund/harness.ts';
import { aReviewedPayment, eventBetween } from './review-harness.ts';

type ClosingEvent = DomainEvent<(typeof subscriptions)['close-review'][number]>;

const network = { isAnswerLost: false, reads: 0, writes: 0 };

/** The tables behind a network that can lose the answer of each write after it is executed. */
const overNetwork = (tables: MemoryDynamo) =>
  createDatabase({
    send: async (command: object) => {
      const answer = await tables.send(command);
      const isRead = command.constructor.name === 'GetCommand';
      if (isRead) network.reads += 1;
      else network.writes += 1;
      if (network.isAnswerLost && !isRead) throw new Error('connection lost');

      return answer;
    },
  } as unknown as DynamoDBDocumentClient);

/** Delivers events as `eventConsumer` does. */
const consumer = <E extends Pick<DomainEvent, 'id'>>(
  handle: (event: E) => Promise<HandlingResult>,
  findResult: (event: E) => Promise<HandlingResult | undefined>,
) => {
  const run = idempotentByMarker(
    {
      name: 'tests',
      keyOf: ({ id }: E) => id,
      hasFailedCondition: ({ outcome }: HandlingResult) => outcome === 'duplicate',
      findResult,
    },
    handle,
  );

  return (event: E) => run(event, aLambdaContext());
};

const rate = parsePointsRate('1');

const aRanking = () => {
  const tables = new MemoryDynamo({ Rankings: ['day', 'entry'] });
  const rankings = createRankingRepository(overNetwork(tables), 'Rankings');
  const deps = { rankings, clock: noonClock };

  const [count, find] = [updateRanking(deps), findCount(deps)];

  return {
    tables,
    deliver: consumer(
      async (event: DomainEvent<'PaymentCompleted'>) => count(asConfirmed(event)),
      async (event) => find(asConfirmed(event)),
    ),
  };
};

const aPointsConsumer = () => {
  const tables = new MemoryDynamo({ LoyaltyPoints: ['userId', 'entry'] });
  const points = createPointsRepository(overNetwork(tables), 'LoyaltyPoints');

  return {
    tables,
    deliver: consumer(
      addLoyaltyPoints({ points, rate, clock: noonClock }),
      findPoints({ points, rate }),
    ),
  };
};

const aSender = () => {
  const tables = new MemoryDynamo({ Deliveries: ['eventId', 'consumer'] });
  const deliveries = createDeliveryRepository(overNetwork(tables), 'Deliveries', noonClock);
  const sent: string[] = [];
  const of = ({ id: eventId }: Pick<DomainEvent, 'id'>) => ({ eventId, consumer: 'tests' });

  return {
    tables,
    sent,
    deliver: consumer(
      async (event: DomainEvent<'PaymentCompleted'>) => ({
        outcome: await deliveries.deliverOnce(
          { ...of(event), eventTime: event.time, paymentId: 'pay_1' },
          async () => {
            sent.push(event.id);
          },
        ),
      }),
      (event) => deliveries.findResult(of(event)),
    ),
  };
};

const aReviewer = async () => {
  const { tables, opened, before } = await aReviewedPayment(['claimed', 'reviewOpened']);
  const stores = createMemoryRepositories(overNetwork(tables));

  return {
    tables,
    opened,
    ended: eventBetween<ClosingEvent>('payment', before, applyTransition(before, 'declined')),
    open: consumer(openReview({ open: createOpenReview(stores) }), findOpened(stores.reviews)),
    close: consumer(closeReview(stores), findClosed(stores.reviews)),
  };
};

const aRefunder = () => {
  const { tables, paid } = createRefundRequestHarness();
  const payment = withCancelRequest(paid.payment, later(1).toISOString());
  tables.put('Payments', payment);
  const stores = createMemoryRepositories(overNetwork(tables));
  const { paymentId, orderId, userId, amount, currency } = payment;
  const event = createDomainEvent(
    'PaymentCompleted',
    { subject: paymentId, version: 3, at: later(2).toISOString() },
    {
      ...{ paymentId, orderId, userId, amount, currency },
      lines: [],
      completedAt: later(2).toISOString(),
      cancelRequestedAt: later(1).toISOString(),
    },
  );
  const request = createRequestRefund(stores);

  return {
    tables,
    event,
    deliver: consumer(
      refundCancelledPayment({ request, clock: { now: () => later(60) } }),
      findRequested(stores.refunds),
    ),
  };
};

interface RepeatedEvent {
  readonly tables: MemoryDynamo;
  readonly deliver: () => Promise<{ value: HandlingResult; replayed: boolean }>;
}

const ofSale = ({ tables, deliver }: ReturnType<typeof aRanking | typeof aSender>) => {
  const event = aPaymentCompletedEvent();

  return { tables, deliver: () => deliver(event) };
};

/** Each consumer with an event, its first outcome, and the table of its marker. */
const consumers: [outcome: string, table: string, create: () => Promise<RepeatedEvent>][] = [
  ['counted', 'Rankings', async () => ofSale(aRanking())],
  ['added', 'LoyaltyPoints', async () => ofSale(aPointsConsumer())],
  ['delivered', 'Deliveries', async () => ofSale(aSender())],
  [
    'opened',
    'Reviews',
    async () => {
      const { tables, open, opened } = await aReviewer();

      return { tables, deliver: () => open(opened) };
    },
  ],
  [
    'closed',
    'Reviews',
    async () => {
      const { tables, open, opened, close, ended } = await aReviewer();
      await open(opened);

      return { tables, deliver: () => close(ended) };
    },
  ],
  [
    'refund-requested',
    'Refunds',
    async () => {
      const { tables, deliver, event } = aRefunder();

      return { tables, deliver: () => deliver(event) };
    },
  ],
];

beforeEach(() => {
  Object.assign(network, { isAnswerLost: false, reads: 0, writes: 0 });
});

describe.each(consumers)('a repeated event that was %s in %s', (outcome, table, create) => {
  it('is answered with the first result, by a read of the marker', async () => {
    const { tables, deliver } = await create();
    const first = await deliver();
    const markers = tables.items(table);
    network.reads = 0;

    const again = await deliver();

    expect(first).toMatchObject({ value: { outcome }, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect(network.reads).toBeGreaterThan(0);
    expect(tables.items(table)).toEqual(markers);
  });

  it('is answered from the marker after a lost answer', async () => {
    const { tables, deliver } = await create();
    network.isAnswerLost = true;
    await expect(deliver()).rejects.toThrow('connection lost');
    network.isAnswerLost = false;
    const markers = tables.items(table);

    expect(await deliver()).toMatchObject({ value: { outcome }, replayed: true });

    expect(tables.items(table)).toEqual(markers);
  });
});

describe('a first event', () => {
  it.each([
    ['the ranking', () => aRanking().deliver, 1, 0],
    ['the loyalty points', () => aPointsConsumer().deliver, 1, 0],
    ['a delivery', () => aSender().deliver, 1, 1],
  ] as const)('costs %s its own requests alone', async (_name, create, writes, reads) => {
    await create()(aPaymentCompletedEvent());

    expect(network).toMatchObject({ writes, reads });
  });
});

describe('an event without a marker of its own', () => {
  it('is not a duplicate of a later version of the points', async () => {
    const { deliver } = aPointsConsumer();
    const sale = aPaymentCompletedEvent();
    await deliver(aRefundCompletedEvent({ paymentId: sale.data.paymentId }));

    expect(await deliver(sale)).toEqual({
      value: { outcome: 'duplicate', points: 25 },
      replayed: false,
    });
  });

  it('closes no review that an operator has resolved', async () => {
    const { tables, open, opened, close, ended } = await aReviewer();
    await open(opened);
    const [review] = tables.items<object>('Reviews');
    const audit = [{ at: ended.time, by: 'olivia', decision: 'failed', reason: 'Checked.' }];
    tables.put('Reviews', { ...review, status: 'RESOLVED', decision: 'failed', audit });

    expect(await close(ended)).toMatchObject({
      value: { outcome: 'no-open-review' },
      replayed: false,
    });
  });

  it('is sent twice if two copies arrive at the same time', async () => {
    const { deliver, sent, tables } = aSender();
    const event = aPaymentCompletedEvent();

    const answers = await Promise.all([deliver(event), deliver(event)]);

    expect(answers.map(({ value }) => value.outcome)).toEqual(['delivered', 'delivered']);
    expect(sent).toEqual([event.id, event.id]);
    expect(tables.items('Deliveries')).toHaveLength(1);
  });
});
