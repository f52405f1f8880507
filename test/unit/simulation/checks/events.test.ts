import { describe, expect, it } from 'vitest';
import { rankingKey } from '../../../../shared/persistence/dynamodb/keys.ts';
import type { PublishedEvent } from '../../../simulation/aws/event-bridge.ts';
import { deliveries as deliveriesCheck } from '../../../simulation/checks/deliveries.ts';
import { eventIdentity } from '../../../simulation/checks/event-identity.ts';
import { eventOrder } from '../../../simulation/checks/event-order.ts';
import { eventOrigin } from '../../../simulation/checks/event-origin.ts';
import { eventPublication } from '../../../simulation/checks/event-publication.ts';
import { eventSchemas } from '../../../simulation/checks/event-schemas.ts';
import { messageCopies } from '../../../simulation/checks/message-copies.ts';
import { points } from '../../../simulation/checks/points.ts';
import { rankings as rankingsCheck } from '../../../simulation/checks/rankings.ts';
import {
  cleanRun,
  deliveries,
  orders,
  paid,
  pointsEntry,
  published,
  rankings,
  refund,
  withItems,
} from './clean-run.ts';
import { anEvent, problemsAtEnd } from './run-builder.ts';

const detailOf = published[0]?.event.detail ?? {};

describe('the check of event schemas', () => {
  it.each([
    ['a field that is missing', anEvent('PaymentReserved', { ...detailOf, data: {} })],
    ['a field too many', anEvent('PaymentReserved', { ...detailOf, token: 'x' })],
    ['an unknown name', anEvent('PaymentVanished', detailOf)],
  ])('reports an event with %s', async (_, event) => {
    expect(await problemsAtEnd(eventSchemas, { items: {}, published: [event] })).not.toBe('');
  });

  it('leaves out the events of others', async () => {
    const published = [anEvent('Tick', {}, 'aws.scheduler')];

    expect(await problemsAtEnd(eventSchemas, { items: {}, published })).toBe('');
  });
});

describe('the check of event identity', () => {
  it('reports two events with one id and different data', async () => {
    const twice = [
      ...published.slice(0, 1),
      anEvent('PaymentReserved', { ...detailOf, time: 'x' }),
    ];
    const run = { items: {}, published: twice };

    expect(await problemsAtEnd(eventIdentity, run)).toContain('differs');
  });

  it('accepts a replay', async () => {
    const run = { ...cleanRun, published: [...published, ...published] };

    expect(await problemsAtEnd(eventIdentity, run)).toBe('');
  });
});

describe('the check of the order of events', () => {
  const ofVersion = (version: number, item = 'pay_1') =>
    anEvent('PaymentCompleted', { id: `${item}-${version}`, subject: item });
  const problemsOf = (events: readonly PublishedEvent[]) =>
    problemsAtEnd(eventOrder, { items: {}, published: events });

  it('reports an event that the relay publishes after one of a later version', async () => {
    expect(await problemsOf([ofVersion(9), ofVersion(10), ofVersion(2)])).toBe(
      'pay_1-2 was published after version 10',
    );
  });

  it('accepts a replay, events of other items, and what others publish', async () => {
    const swept = { ...ofVersion(3), by: 'sweep-payments' };

    expect(await problemsOf([ofVersion(1), ofVersion(4), ofVersion(1)])).toBe('');
    expect(await problemsOf([ofVersion(4), ofVersion(1, 'pay_2'), swept, ofVersion(3)])).toBe('');
  });
});

describe('the check of event origins', () => {
  it.each([
    ['PaymentCompleted', `${paid.paymentId}-9`, paid.paymentId],
    ['PaymentFailed', `${paid.paymentId}-3`, paid.paymentId],
    ['RefundCompleted', 'rfd_stranger-2', 'rfd_stranger'],
    ['OrderCancelled', `${orders[0]?.orderId}-4`, orders[0]?.orderId],
  ])('reports %s %s, of which no version is stored', async (name, id, subject) => {
    const run = { ...cleanRun, published: [anEvent(name, { id, subject })] };

    expect(await problemsAtEnd(eventOrigin, run)).toContain(`${name} ${id} of relay-changes`);
  });

  it('accepts an inquiry about the version of a claim', async () => {
    const id = `${paid.paymentId}-2`;
    const event = anEvent('PaymentOutcomeUnknown', { id, subject: paid.paymentId });

    expect(await problemsAtEnd(eventOrigin, { ...cleanRun, published: [event] })).toBe('');
  });
});

describe('the check of event publication', () => {
  it.each(published.map((event) => [event.event['detail-type'], event] as const))(
    'reports %s that was never published',
    async (name, missing) => {
      const run = { ...cleanRun, published: published.filter((event) => event !== missing) };

      expect(await problemsAtEnd(eventPublication, run)).toContain(name);
    },
  );

  const givenUp = (table: string) => ({
    ...cleanRun,
    published: [],
    deadLettered: [
      {
        queue: 'relay-failures',
        body: `{"DDBStreamBatchInfo":{"streamArn":"table/${table}/s"}}`,
        at: 0,
      },
    ],
  });

  it('accepts that an event of an order cannot be built again', async () => {
    const missing = await problemsAtEnd(eventPublication, givenUp('Orders'));

    expect(missing).not.toContain('Order');
    expect(missing).toContain('PaymentCompleted');
  });

  it('expects the points of a batch that the relay gave up', async () => {
    expect(await problemsAtEnd(eventPublication, givenUp('LoyaltyPoints'))).toContain(
      'PointsAdded',
    );
  });
});

/** The completion of the payment is lost on its way to these consumers. */
const lostTo = (...consumers: readonly string[]) =>
  consumers.map((name) => ({ id: `${paid.paymentId}-3`, target: `${name}Consumer/Queue` }));

describe('the check of deliveries', () => {
  it.each(deliveries.map(({ receiver, key }) => [`${receiver} ${key}`]))(
    'reports a missing delivery: %s',
    async (id) => {
      const kept = deliveries.filter(({ receiver, key }) => `${receiver} ${key}` !== id);

      expect(await problemsAtEnd(deliveriesCheck, { ...cleanRun, deliveries: kept })).toBe(
        `${id} was never delivered`,
      );
    },
  );

  it('accepts a missing delivery of an event that a fault lost', async () => {
    const run = {
      ...cleanRun,
      deliveries: deliveries.slice(1),
      lostEvents: lostTo('SendToDataPlatform', 'NotifyBuyer'),
    };

    expect(await problemsAtEnd(deliveriesCheck, run)).toBe('');
  });

  it('expects the delivery of an event that a fault lost to another consumer', async () => {
    const run = {
      ...cleanRun,
      deliveries: deliveries.slice(1),
      lostEvents: lostTo('UpdateRanking'),
    };

    expect(await problemsAtEnd(deliveriesCheck, run)).toContain('was never delivered');
  });

  it('reports a delivery about nothing, and one with two bodies', async () => {
    const receiver = 'notifications' as const;
    const stranger = { receiver, key: 'pay_x-1', bodies: ['{}', '{"a":1}'], times: 2 };
    const run = { ...cleanRun, deliveries: [...deliveries, stranger] };

    expect(await problemsAtEnd(deliveriesCheck, run)).toBe(
      'notifications pay_x-1 is of no stored event\nnotifications pay_x-1 has 2 bodies',
    );
  });
});

describe('the check of points', () => {
  const older = { ...pointsEntry, paymentVersion: 3, points: 40 };

  it.each([
    ['missing points', []],
    ['wrong points', [{ ...pointsEntry, points: 19 }]],
    ['points before the refund', [older]],
    ['points of no sale', [{ ...pointsEntry, paymentVersion: 4 }]],
    ['points of a stranger', [pointsEntry, { ...pointsEntry, paymentId: 'pay_x', points: 0 }]],
  ])('reports %s', async (_, LoyaltyPoints) => {
    expect(await problemsAtEnd(points, withItems({ LoyaltyPoints }))).not.toBe('');
  });

  it('accepts the points before a refund whose event a fault lost', async () => {
    const run = {
      ...withItems({ LoyaltyPoints: [older] }),
      lostEvents: [{ id: `${refund.refundId}-2`, target: 'AddLoyaltyPointsConsumer/Queue' }],
    };

    expect(await problemsAtEnd(points, run)).toBe('');
  });
});

describe('the check of rankings', () => {
  const [sale, back, units] = rankings;

  it.each([
    ['a sale that is not counted', [back, { ...units, units: -1 }]],
    ['a sale that is counted twice', [sale, back, { ...units, units: 3 }]],
    ['a sale on another day', [sale, back, { ...units, day: units.day.replace('-14', '-15') }]],
    ['a count of nothing', [...rankings, { ...units, entry: 'SKU#cup', sku: 'cup' }]],
    [
      'a sale that is counted on two stock items',
      [...rankings, { ...units, ...rankingKey.count('2026-03-14', 'tea#1') }],
    ],
    ['a marker of no sale', [...rankings, rankingKey.marker('pay_x-3')]],
  ])('reports %s', async (_, Rankings) => {
    expect(await problemsAtEnd(rankingsCheck, withItems({ Rankings }))).not.toBe('');
  });

  it('counts without a sale whose event a fault lost', async () => {
    const run = {
      ...withItems({ Rankings: [back, { ...units, units: -1 }] }),
      lostEvents: lostTo('UpdateRanking'),
    };

    expect(await problemsAtEnd(rankingsCheck, run)).toBe('');
  });
});

describe('the check of message copies', () => {
  // Ten minutes before the calm.
  it.each([
    ['local', 940, 941],
    ['sandbox', 80, 81],
  ] as const)(
    'allows a linear number of messages in the stage %s',
    async (stage, most, tooMany) => {
      const run = (count: number) => ({
        items: {},
        stage,
        messagesByEvent: new Map([['pay_1-1', count]]),
      });

      expect(await problemsAtEnd(messageCopies, run(most))).toBe('');
      expect(await problemsAtEnd(messageCopies, run(tooMany))).toContain('pay_1-1 became');
    },
  );

  it('counts the time until everything is settled at Toss, and no more', async () => {
    const run = (count: number) => ({
      items: {},
      adapter: 'toss' as const,
      messagesByEvent: new Map([['pay_1-1', count]]),
    });

    // Fifteen minutes.
    expect(await problemsAtEnd(messageCopies, run(1_395))).toBe('');
    expect(await problemsAtEnd(messageCopies, run(1_396))).toContain('pay_1-1 became');
  });
});
