import { beforeEach, describe, expect, it } from 'vitest';
import { examineBy } from '../../../../shared/application/dead-letters/classify-message.ts';
import type {
  DeadLetter,
  DeadLetterQueue,
} from '../../../../shared/application/dead-letters/dead-letter-queue.ts';
import {
  mostRedrives,
  type Order,
  redriveBy,
} from '../../../../shared/application/dead-letters/redrive.ts';
import { storyOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';

const reserved = aPayment({ paymentId: 'pay_1' });
const claimed = movedBy(aPayment({ paymentId: 'pay_2' }), 'claimed');
const completed = movedBy(aPayment({ paymentId: 'pay_3' }), 'claimed', 'captured');
const stored = [reserved, claimed, completed];

/** The first event of a payment, as its rule puts it into a queue. */
const bodyOf = (payment: typeof reserved) => {
  const [first] = storyOf(payment);
  const { name, ...detail } = first as DomainEvent;

  return JSON.stringify({ 'detail-type': name, detail });
};

const letter = (messageId: string, body: string, redrives = 0): DeadLetter => ({
  messageId,
  body,
  sentAt: noon.toISOString(),
  redrives,
  receipt: `r-${messageId}`,
});

const everyClass = [
  letter('safe', bodyOf(reserved)),
  letter('charging', bodyOf(claimed)),
  letter('done', bodyOf(completed)),
  letter('poison', 'not even JSON'),
];

const done: string[] = [];
const queueOf = (letters: readonly DeadLetter[]): DeadLetterQueue => ({
  depth: async () => letters.length,
  look: async (most) => letters.slice(0, most),
  release: async (left) => void done.push(...left.map(({ messageId }) => `left ${messageId}`)),
  sendAgain: async ({ messageId }, to) => void done.push(`sent ${messageId} to ${to}`),
  drop: async ({ messageId }) => void done.push(`dropped ${messageId}`),
});

const redrive = (letters: readonly DeadLetter[], order: Partial<Order>, queueUrl?: string) =>
  redriveBy({
    examine: examineBy({
      payments: { find: async (id) => stored.find(({ paymentId }) => paymentId === id) },
      refunds: { find: async () => undefined },
      isDelivered: async () => false,
      committed: {
        of: async () => ({ of: 'payment', item: { ...completed } }),
        since: async () => [{ of: 'payment', item: { ...completed } }],
      },
    }),
    publish: async ({ id }) => done.push(`told ${id}`),
    audit: async ({ who, why }, { messageId }) => done.push(`${who}: ${why}: ${messageId}`),
    pause: async () => undefined,
    now: () => noon.getTime() + 60_000,
  })(
    { consumer: 'charge-payment', letters: queueOf(letters), ...(queueUrl && { queueUrl }) },
    {
      action: 'send-again',
      consumer: 'charge-payment',
      isDryRun: false,
      most: 10,
      perSecond: 10,
      who: 'olivia',
      why: 'mended',
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
      results.map(({ messageId, class: found, outcome }) => [messageId, found, outcome]),
    ).toEqual([
      ['safe', 'send-again', 'would be sent again'],
      ['charging', 'inquire-first', 'left'],
      ['done', 'already-done', 'left'],
      ['poison', 'poison', 'left'],
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

  it.each<[string, Partial<Order>]>([
    ['another payment', { paymentId: 'pay_9' }],
    ['another event', { event: 'PaymentFailed' }],
    ['an older letter', { olderThanSeconds: 61 }],
  ])('leaves what is not selected: %s', async (_what, order) => {
    expect(await redrive(everyClass, order, 'q')).toEqual([]);

    expect(done).toEqual(['left safe', 'left charging', 'left done', 'left poison']);
  });

  it('moves what is selected', async () => {
    const order = { paymentId: 'pay_1', event: 'PaymentReserved', olderThanSeconds: 60 };

    expect((await redrive(everyClass, order, 'q'))[0]).toMatchObject({ outcome: 'sent again' });
  });

  it('stops at a letter that came back too often', async () => {
    const back = [
      letter('again', bodyOf(reserved), mostRedrives - 1),
      letter('loop', bodyOf(reserved), mostRedrives),
    ];

    const results = await redrive(back, {}, 'q');

    expect(results.map(({ outcome }) => outcome)).toEqual(['sent again', 'left']);
  });

  it('tells again on the bus what has no queue to go back to', async () => {
    await redrive([letter('safe', bodyOf(reserved))], {});

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
    await redrive([letter('pointer', body)], {});

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
    await redrive(everyClass, { action: 'drop' }, 'q');

    expect(done.filter((one) => /^(dropped|sent|left)/.test(one))).toEqual([
      'dropped done',
      'dropped poison',
      'left safe',
      'left charging',
    ]);
  });
});
