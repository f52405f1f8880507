import { globSync, readdirSync, readFileSync } from 'node:fs';
import type {
  APIGatewayProxyStructuredResultV2,
  Context,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  SQSEvent,
} from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { eventNames } from '../../dev/docs/schemas.ts';
import { completed, declined, requested } from '../../dev/docs/story.ts';
import { freshSimulator } from '../../dev/simulator-server.ts';
import { freshReceiver } from '../../dev/sinks-server.ts';
import { acceptBody } from '../../functions/accept-payment/request.ts';
import { orderBody } from '../../functions/create-order/request.ts';
import { rankingsQuery } from '../../functions/get-rankings/request.ts';
import { deadLettersQuery } from '../../functions/list-dead-letters/request.ts';
import { listQuery } from '../../functions/list-payments/request.ts';
import { reviewsQuery } from '../../functions/list-reviews/request.ts';
import { redriveBody } from '../../functions/redrive-dead-letters/request.ts';
import { refundBody } from '../../functions/request-refund/request.ts';
import { resolveBody } from '../../functions/resolve-review/request.ts';
import { changeOf } from '../../shared/data/changes.ts';
import { eventFrom } from '../../shared/domain/changes.ts';
import { type EventName, heardOnlyWith, subscriptions } from '../../shared/domain/events.ts';
import { mergeLines } from '../../shared/domain/order.ts';
import {
  type ApiEvent,
  bodyOf,
  buyerOf,
  keyOf,
  operatorOf,
  pathOf,
  queryOf,
  rawBodyOf,
} from '../../shared/http/boundary.ts';
import { alice } from '../../shared/http/examples.ts';
import { preferredWait } from '../../shared/http/prefer.ts';
import { routes } from '../../shared/http/routes.ts';
import { plainHandler } from '../../shared/outside/lambda-http.ts';
import { mounted } from '../../shared/outside/plain-http.ts';
import { readSimulatorWebhook } from '../../shared/pg/simulator-webhook.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { stepInput } from '../../shared/runtime/compensation-step.ts';
import { queuedEvent } from '../../shared/runtime/queue-handler.ts';
import { tickOf } from '../../shared/runtime/tick-handler.ts';

const files = globSync('events/**/*.json').map((path) =>
  path.slice('events/'.length, -'.json'.length),
);
const sample = <T>(name: string): T => JSON.parse(readFileSync(`events/${name}.json`, 'utf8')) as T;

const kebabCase = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
/** The sampled event of a name, as a consumer reads it. */
const told = (name: EventName) =>
  queuedEvent([name])(JSON.stringify(sample(`bus/${kebabCase(name)}`)));

const order = { orderId: completed.order.orderId };
const payment = { paymentId: completed.accepted.paymentId };
const { refundId, reason } = requested.refund;
const { reviewId } = alice;

it('has a sample for each function and each event', () => {
  expect(files).toEqual(expect.arrayContaining(readdirSync('functions')));
  expect(files).toEqual(expect.arrayContaining(eventNames.map((name) => `bus/${kebabCase(name)}`)));
});

describe('a request that writes', () => {
  const schemas = {
    'POST /orders': orderBody,
    'POST /payments': acceptBody,
    'POST /payments/{paymentId}/refunds': refundBody,
  } as const;
  const written = (name: string) => {
    const event = sample<ApiEvent>(name);
    const schema = schemas[event.routeKey as keyof typeof schemas];

    return { buyer: buyerOf(event), key: keyOf(event), body: bodyOf(schema, event) };
  };

  it.each([
    [
      'create-order',
      'alice',
      'sample-order',
      { lines: [{ sku: 'tea', quantity: 2 }], couponId: 'welcome-alice' },
    ],
    ['accept-payment', 'alice', 'sample-payment', { ...order, paymentMethod: 'sim_approve' }],
    [
      'accept-payment-declined',
      'carol',
      'sample-payment',
      { orderId: declined.order.orderId, paymentMethod: 'sim_decline' },
    ],
    [
      'request-refund',
      'alice',
      'sample-refund',
      { lines: requested.refund.lines.map(({ amount: _, ...line }) => line), reason },
    ],
  ])('%s is read', (name, buyer, key, body) => {
    expect(written(name)).toEqual({ buyer, key, body });
  });

  it('accept-payment-again asks for the same in other words', () => {
    const again = sample<ApiEvent>('accept-payment-again');

    expect(written('accept-payment-again')).toEqual(written('accept-payment'));
    expect(again.body).not.toBe(sample<ApiEvent>('accept-payment').body);
  });

  it('accept-payment-other-body asks for something else under the same key', () => {
    const { body, ...other } = written('accept-payment-other-body');

    expect(written('accept-payment')).toMatchObject(other);
    expect(body).not.toEqual(written('accept-payment').body);
  });

  it('create-order-duplicate-skus has one sku in two lines', () => {
    const { lines } = orderBody.parse(written('create-order-duplicate-skus').body);

    expect(lines).toHaveLength(2);
    expect(mergeLines(lines)).toEqual([{ sku: 'tea', quantity: 2 }]);
  });
});

it('redrive-dead-letters asks what would be sent again, and why', () => {
  const event = sample<ApiEvent>('redrive-dead-letters');

  expect(operatorOf(event)).toBe('olivia');
  expect(bodyOf(redriveBody, event)).toMatchObject({ dryRun: true, action: 'send-again' });
});

describe('a request without a body', () => {
  const readers: Record<string, readonly [read: (event: ApiEvent) => unknown, found: unknown]> = {
    'get-order': [(event) => pathOf(event, 'orderId'), order.orderId],
    'get-payment': [
      (event) => [pathOf(event, 'paymentId'), preferredWait(event, 20)],
      [payment.paymentId, 20],
    ],
    'cancel-payment': [
      (event) => [keyOf(event), pathOf(event, 'paymentId')],
      ['sample-cancel', payment.paymentId],
    ],
    'get-refund': [(event) => pathOf(event, 'refundId'), refundId],
    'get-timeline': [(event) => pathOf(event, 'paymentId'), payment.paymentId],
    'explain-payment': [
      (event) => [operatorOf(event), pathOf(event, 'paymentId')],
      ['olivia', payment.paymentId],
    ],
    'inquire-now': [
      (event) => [operatorOf(event), pathOf(event, 'paymentId')],
      ['olivia', payment.paymentId],
    ],
    'list-dead-letters': [
      (event) => [operatorOf(event), queryOf(deadLettersQuery, event)],
      ['olivia', { sample: 5 }],
    ],
    'list-payments': [(event) => queryOf(listQuery, event), { status: 'COMPLETED', limit: 10 }],
    'get-rankings': [(event) => queryOf(rankingsQuery, event), { limit: 3 }],
    'list-reviews': [
      (event) => [operatorOf(event), queryOf(reviewsQuery, event)],
      ['olivia', { status: 'OPEN', by: 'amount', limit: 10 }],
    ],
    'resolve-review': [
      (event) => [
        operatorOf(event),
        pathOf(event, 'reviewId'),
        bodyOf(resolveBody, event).decision,
      ],
      ['olivia', reviewId, 'failed'],
    ],
    'get-review': [(event) => [operatorOf(event), pathOf(event, 'reviewId')], ['olivia', reviewId]],
    'prove-ledger': [operatorOf, 'olivia'],
    'get-balance': [buyerOf, 'alice'],
    'get-points': [buyerOf, 'alice'],
    'get-health': [({ routeKey }) => routeKey, 'GET /health'],
    'refuse-route': [({ routeKey, rawPath }) => [routeKey, rawPath], ['$default', '/nowhere']],
    'get-openapi': [({ routeKey }) => routeKey, 'GET /openapi.json'],
  };

  it.each(Object.entries(readers))('%s is read', (name, [read, found]) => {
    expect(read(sample(name))).toEqual(found);
  });

  it.each(routes)('comes by its route: $method $path', ({ method, path, function: folder }) => {
    expect(sample<ApiEvent>(folder).routeKey).toBe(`${method} ${path}`);
  });
});

describe('a batch of a stream', () => {
  const changes = (name: string) => sample<DynamoDBStreamEvent>(name).Records;
  const publishedFor = (record: DynamoDBRecord) => {
    const change = changeOf(record);

    return change && eventFrom(change);
  };

  it.each([
    ['relay-changes', ['PaymentReserved']],
    ['relay-changes-orders', ['OrderCompleted']],
    ['relay-changes-refunds', ['RefundRequested', 'RefundCompleted']],
    ['relay-changes-points', ['PointsAdded']],
    ['relay-changes-irrelevant', [undefined, 'PaymentCompleted']],
  ] as const)('%s is told by the sampled events', (name, events) => {
    expect(changes(name).map(publishedFor)).toEqual(events.map((event) => event && told(event)));
  });

  it('relay-changes-poison has a record that nobody can read before a good one', () => {
    const [poison, good] = changes('relay-changes-poison');

    expect(() => publishedFor(poison as DynamoDBRecord)).toThrow();
    expect(publishedFor(good as DynamoDBRecord)).toEqual(told('PaymentReserved'));
  });
});

describe('a batch of messages', () => {
  const fields = { cancelRequestedAt: '2026-11-23T09:00:05.300Z', fromReview: true };
  /** Who hears only of events with a certain field has samples of those. */
  const withField = (folder: string, event: ReturnType<typeof told>) => {
    const field = heardOnlyWith[folder as keyof typeof heardOnlyWith];

    return field ? { ...event, data: { ...event.data, [field]: fields[field] } } : event;
  };
  const messages = (name: string) => sample<SQSEvent>(name).Records;
  const parse = queuedEvent(eventNames);

  it.each(Object.entries(subscriptions))('%s hears the sampled events', (folder, events) => {
    const heard = messages(folder).map(({ body }) => queuedEvent(events)(body));

    expect(heard).toEqual(events.map((event) => withField(folder, told(event))));
    // The messages of a batch are handled side by side: one that comes again beside itself is left for later.
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  });

  it('charge-payment-redelivered is the same message again', () => {
    const [first, again] = ['charge-payment', 'charge-payment-redelivered'].flatMap(messages);

    expect(again).toMatchObject({ messageId: first?.messageId, body: first?.body });
    expect(again?.attributes.ApproximateReceiveCount).toBe('2');
  });

  it('charge-payment-poison has a message that nobody can read before a good one', () => {
    const [poison = '', good = ''] = messages('charge-payment-poison').map(({ body }) => body);

    expect(() => parse(poison)).toThrow();
    expect(parse(good)).toEqual(told('PaymentReserved'));
  });
});

describe('an event on the bus', () => {
  it.each(eventNames)('%s is what its schema says', (name) => {
    expect(told(name)).toMatchObject({ name });
  });

  it('payment-failed-duplicate is delivered by the bus as another event, and is the same', () => {
    const first = sample<{ id: string; detail: object }>('bus/payment-failed');
    const again = sample<{ id: string; detail: object }>('bus/payment-failed-duplicate');

    expect(again.detail).toEqual(first.detail);
    expect(again.id).not.toBe(first.id);
  });
});

it.each(['restore-stock', 'restore-balance', 'release-order', 'finish-compensation'])(
  '%s undoes the declined payment',
  (name) => {
    expect(stepInput.parse(sample(name))).toEqual({ paymentId: declined.accepted.paymentId });
  },
);

it('receive-webhook is signed, and about the completed payment', async () => {
  const event = sample<ApiEvent>('receive-webhook');
  const key = Buffer.from('the key of these samples').toString('base64');
  const sentAt = new Date(Number(event.headers['webhook-timestamp']) * 1_000);
  const raw = { headers: event.headers, body: rawBodyOf(event) };

  expect(await readSimulatorWebhook(raw, [key], sentAt)).toEqual({
    id: 'evt_sample',
    reference: payment.paymentId,
  });
});

it.each(['sweep-payments', 'measure-backlog'])('%s is told its tick', (name) => {
  expect(tickOf(sample(name), systemClock)).toEqual(sample(name));
});

it.each([
  ['simulate-gateway', freshSimulator(), { status: 'approved', reference: payment.paymentId }],
  ['receive-deliveries', mounted({ '/data-platform': freshReceiver() }), { duplicate: false }],
] as const)('%s is answered', async (name, server, answer) => {
  const handler = plainHandler(server, { hangMs: 0 });

  const { statusCode, body } = (await handler(
    sample(name),
    {} as Context,
  )) as APIGatewayProxyStructuredResultV2;

  expect(statusCode).toBe(200);
  expect(JSON.parse(body ?? '')).toMatchObject(answer);
});
