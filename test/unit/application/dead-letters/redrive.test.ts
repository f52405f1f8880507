import { beforeEach, describe, expect, it } from 'vitest';
import { createMessageClassifier } from '../../../../shared/application/dead-letters/classify-message.ts';
import type {
  DeadLetter,
  DeadLetterQueue,
} from '../../../../shared/application/dead-letters/dead-letter-queue.ts';
import { createBatchReader } from '../../../../shared/application/dead-letters/read-failed-batch.ts';
import {
  createRedrive,
  maxRedrives,
  type RedriveRequest,
} from '../../../../shared/application/dead-letters/redrive.ts';
import { replayableEventsOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { expiredStreams } from '../../../support/fakes/expired-streams.ts';

const reserved = aPayment({ paymentId: 'pay_1' });
const claimed = afterTransitions(aPayment({ paymentId: 'pay_2' }), 'claimed');
const completed = afterTransitions(aPayment({ paymentId: 'pay_3' }), 'claimed', 'captured');
const stored = [reserved, claimed, completed];

/** The message body of a payment's first event, as its rule sends it to a queue. */
const bodyOf = (payment: typeof reserved) => {
  const [first] = replayableEventsOf(payment);
  const { name, ...detail } = first as DomainEvent;

  return JSON.stringify({ 'detail-type': name, detail });
};

const deadLetter = (messageId: string, body: string, redrives = 0): DeadLetter => ({
  messageId,
  body,
  sentAt: noon.toISOString(),
  redrives,
  receiptHandle: `r-${messageId}`,
});

const allDispositions = [
  deadLetter('safe', bodyOf(reserved)),
  deadLetter('charging', bodyOf(claimed)),
  deadLetter('done', bodyOf(completed)),
  deadLetter('poison', 'not even JSON'),
];

const effects: string[] = [];
const queueOf = (messages: readonly DeadLetter[]): DeadLetterQueue => ({
  depth: async () => messages.length,
  receive: async (limit) => messages.slice(0, limit),
  returnToQueue: async (returned) =>
    void effects.push(...returned.map(({ messageId }) => `returned ${messageId}`)),
  redriveTo: async ({ messageId }, to) => void effects.push(`sent ${messageId} to ${to}`),
  replace: async ({ messageId }) => void effects.push(`replaced ${messageId}`),
  delete: async ({ messageId }) => void effects.push(`deleted ${messageId}`),
});

const redrive = (
  messages: readonly DeadLetter[],
  request: Partial<RedriveRequest>,
  queueUrl?: string,
) =>
  createRedrive({
    classifyMessage: createMessageClassifier({
      payments: { find: async (id) => stored.find(({ paymentId }) => paymentId === id) },
      refunds: { find: async () => undefined },
      isDelivered: async () => false,
      storedItems: {
        find: async () => ({ of: 'payment', item: { ...completed } }),
        isRelayed: () => true,
      },
    }),
    readBatch: createBatchReader({
      streams: expiredStreams,
      storedItems: {
        keyOf: () => ({ paymentId: completed.paymentId }),
        scanPage: async () => ({ items: [{ of: 'payment', item: { ...completed } }] }),
      },
    }),
    publish: async ({ id }) => effects.push(`published ${id}`),
    audit: async ({ operator, reason }, { messageId }) =>
      effects.push(`${operator.sub}: ${reason}: ${messageId}`),
    sleep: async () => undefined,
    now: () => noon.getTime() + 60_000,
  })(
    {
      consumer: 'charge-payment',
      deadLetters: queueOf(messages),
      ...(queueUrl && { sourceQueueUrl: queueUrl }),
    },
    {
      action: 'redrive',
      consumer: 'charge-payment',
      isDryRun: false,
      limit: 10,
      ratePerSecond: 10,
      operator: { sub: 'olivia', scope: 'aftercommit/redrive' },
      reason: 'bus restored',
      ...request,
    },
  );

beforeEach(() => {
  effects.length = 0;
});

describe('redrive', () => {
  it('reports dispositions in a dry run and returns all messages', async () => {
    const results = await redrive(allDispositions, { isDryRun: true }, 'q');

    expect(
      results.map(({ messageId, disposition: found, outcome }) => [messageId, found, outcome]),
    ).toEqual([
      ['safe', 'redrive', 'planned'],
      ['charging', 'inquiry-required', 'skipped'],
      ['done', 'obsolete', 'skipped'],
      ['poison', 'poison', 'skipped'],
    ]);
    expect(effects).toEqual([
      'returned safe',
      'returned charging',
      'returned done',
      'returned poison',
    ]);
  });

  it('redrives safe messages after an audit entry with actor and reason', async () => {
    await redrive(allDispositions, {}, 'q');

    expect(effects).toEqual([
      'olivia: bus restored: safe',
      'sent safe to q',
      'returned charging',
      'returned done',
      'returned poison',
    ]);
  });

  it.each<[string, Partial<RedriveRequest>]>([
    ['another payment', { paymentId: 'pay_9' }],
    ['another event', { event: 'PaymentFailed' }],
    ['an older message', { olderThanSeconds: 61 }],
  ])('returns messages that are not selected: %s', async (_what, request) => {
    expect(await redrive(allDispositions, request, 'q')).toEqual([]);

    expect(effects).toEqual([
      'returned safe',
      'returned charging',
      'returned done',
      'returned poison',
    ]);
  });

  it('redrives a selected message', async () => {
    const request = { paymentId: 'pay_1', event: 'PaymentReserved', olderThanSeconds: 60 };

    expect((await redrive(allDispositions, request, 'q'))[0]).toMatchObject({
      outcome: 'redriven',
    });
  });

  it('skips a message that was redriven too often', async () => {
    const back = [
      deadLetter('again', bodyOf(reserved), maxRedrives - 1),
      deadLetter('loop', bodyOf(reserved), maxRedrives),
    ];

    const results = await redrive(back, {}, 'q');

    expect(results.map(({ outcome }) => outcome)).toEqual(['redriven', 'skipped']);
  });

  it('publishes the event of a message without a source queue', async () => {
    await redrive([deadLetter('safe', bodyOf(reserved))], {});

    expect(effects).toEqual(['olivia: bus restored: safe', 'published pay_1-1', 'deleted safe']);
  });

  it.each([
    ['a key', JSON.stringify({ keys: { paymentId: { S: 'pay_3' } } })],
    [
      'a time window',
      JSON.stringify({
        DDBStreamBatchInfo: {
          streamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/Payments/stream/1',
          shardId: 'shardId-1',
          startSequenceNumber: '1',
          endSequenceNumber: '2',
          batchSize: 2,
          approximateArrivalOfFirstRecord: '2026-03-14T12:00:00Z',
          approximateArrivalOfLastRecord: '2026-03-14T12:00:05Z',
        },
      }),
    ],
  ])('replays from the table a message that names the lost records by %s', async (_by, body) => {
    await redrive([deadLetter('pointer', body)], {});

    expect(effects).toEqual([
      'olivia: bus restored: pointer',
      'published pay_3-1',
      'published pay_3-3',
      'deleted pointer',
    ]);
  });
});

describe('delete', () => {
  it('deletes obsolete and poison messages only', async () => {
    await redrive(allDispositions, { action: 'delete' }, 'q');

    expect(effects.filter((one) => /^(deleted|sent|returned)/.test(one))).toEqual([
      'deleted done',
      'deleted poison',
      'returned safe',
      'returned charging',
    ]);
  });
});
