import { beforeEach, describe, expect, it } from 'vitest';
import { createMessageClassifier } from '../../../../shared/application/dead-letters/classify-message.ts';
import type {
  DeadLetter,
  DeadLetterQueue,
} from '../../../../shared/application/dead-letters/dead-letter-queue.ts';
import {
  createRedrive,
  maxRedrives,
  type RedriveRequest,
} from '../../../../shared/application/dead-letters/redrive.ts';
import { replayableEventsOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';

const reserved = aPayment({ paymentId: 'pay_1' });
const claimed = afterTransitions(aPayment({ paymentId: 'pay_2' }), 'claimed');
const completed = afterTransitions(aPayment({ paymentId: 'pay_3' }), 'claimed', 'captured');
const stored = [reserved, claimed, completed];

/** The first event of a payment, as its rule puts it into a queue. */
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

const everyClass = [
  deadLetter('safe', bodyOf(reserved)),
  deadLetter('charging', bodyOf(claimed)),
  deadLetter('done', bodyOf(completed)),
  deadLetter('poison', 'not even JSON'),
];

const done: string[] = [];
const queueOf = (letters: readonly DeadLetter[]): DeadLetterQueue => ({
  depth: async () => letters.length,
  receive: async (most) => letters.slice(0, most),
  returnToQueue: async (left) =>
    void done.push(...left.map(({ messageId }) => `left ${messageId}`)),
  redriveTo: async ({ messageId }, to) => void done.push(`sent ${messageId} to ${to}`),
  delete: async ({ messageId }) => void done.push(`dropped ${messageId}`),
});

const redrive = (
  letters: readonly DeadLetter[],
  order: Partial<RedriveRequest>,
  queueUrl?: string,
) =>
  createRedrive({
    classifyMessage: createMessageClassifier({
      payments: { find: async (id) => stored.find(({ paymentId }) => paymentId === id) },
      refunds: { find: async () => undefined },
      isDelivered: async () => false,
      storedItems: {
        find: async () => ({ of: 'payment', item: { ...completed } }),
        scanSince: async () => [{ of: 'payment', item: { ...completed } }],
      },
    }),
    publish: async ({ id }) => done.push(`told ${id}`),
    audit: async ({ actor: who, reason: why }, { messageId }) =>
      done.push(`${who}: ${why}: ${messageId}`),
    sleep: async () => undefined,
    now: () => noon.getTime() + 60_000,
  })(
    {
      consumer: 'charge-payment',
      deadLetters: queueOf(letters),
      ...(queueUrl && { sourceQueueUrl: queueUrl }),
    },
    {
      action: 'redrive',
      consumer: 'charge-payment',
      isDryRun: false,
      limit: 10,
      ratePerSecond: 10,
      actor: 'olivia',
      reason: 'mended',
      ...order,
    },
  );

beforeEach(() => {
  done.length = 0;
});

describe('sending again', () => {
  it('names the class of each letter in a dry run, and moves nothing', async () => {
    const results = await redrive(everyClass, { isDryRun: true }, 'q');

    expect(
      results.map(({ messageId, disposition: found, outcome }) => [messageId, found, outcome]),
    ).toEqual([
      ['safe', 'redrive', 'planned'],
      ['charging', 'inquiry-required', 'skipped'],
      ['done', 'obsolete', 'skipped'],
      ['poison', 'poison', 'skipped'],
    ]);
    expect(done).toEqual(['left safe', 'left charging', 'left done', 'left poison']);
  });

  it('moves what is safe, after it is kept who did it and why', async () => {
    await redrive(everyClass, {}, 'q');

    expect(done).toEqual([
      'olivia: mended: safe',
      'sent safe to q',
      'left charging',
      'left done',
      'left poison',
    ]);
  });

  it.each<[string, Partial<RedriveRequest>]>([
    ['another payment', { paymentId: 'pay_9' }],
    ['another event', { event: 'PaymentFailed' }],
    ['an older letter', { olderThanSeconds: 61 }],
  ])('leaves what is not selected: %s', async (_what, order) => {
    expect(await redrive(everyClass, order, 'q')).toEqual([]);

    expect(done).toEqual(['left safe', 'left charging', 'left done', 'left poison']);
  });

  it('moves what is selected', async () => {
    const order = { paymentId: 'pay_1', event: 'PaymentReserved', olderThanSeconds: 60 };

    expect((await redrive(everyClass, order, 'q'))[0]).toMatchObject({ outcome: 'redriven' });
  });

  it('stops at a letter that came back too often', async () => {
    const back = [
      deadLetter('again', bodyOf(reserved), maxRedrives - 1),
      deadLetter('loop', bodyOf(reserved), maxRedrives),
    ];

    const results = await redrive(back, {}, 'q');

    expect(results.map(({ outcome }) => outcome)).toEqual(['redriven', 'skipped']);
  });

  it('tells again on the bus what has no queue to go back to', async () => {
    await redrive([deadLetter('safe', bodyOf(reserved))], {});

    expect(done).toEqual(['olivia: mended: safe', 'told pay_1-1', 'dropped safe']);
  });

  it.each([
    ['a key', JSON.stringify({ keys: { paymentId: { S: 'pay_3' } } })],
    [
      'a time',
      JSON.stringify({
        DDBStreamBatchInfo: {
          streamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/Payments/stream/1',
          approximateArrivalOfFirstRecord: '2026-03-14T12:00:00Z',
          approximateArrivalOfLastRecord: '2026-03-14T12:00:05Z',
        },
      }),
    ],
  ])('tells what the table has, where a letter points into the stream by %s', async (_by, body) => {
    await redrive([deadLetter('pointer', body)], {});

    expect(done).toEqual([
      'olivia: mended: pointer',
      'told pay_3-1',
      'told pay_3-3',
      'dropped pointer',
    ]);
  });
});

describe('dropping', () => {
  it('takes what is done and what is poison, and nothing that anybody waits for', async () => {
    await redrive(everyClass, { action: 'delete' }, 'q');

    expect(done.filter((one) => /^(dropped|sent|left)/.test(one))).toEqual([
      'dropped done',
      'dropped poison',
      'left safe',
      'left charging',
    ]);
  });
});
