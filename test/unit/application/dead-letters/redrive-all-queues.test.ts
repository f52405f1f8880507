import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { maxRedrives } from '../../../../shared/application/dead-letters/redrive.ts';
import type { DeadLetterDisposition } from '../../../../shared/domain/dead-letters/dead-letter-policy.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  type PaymentEventName,
  replayPaymentEvent,
} from '../../../../shared/domain/payments/payment-events.ts';
import { replayRefundEvent } from '../../../../shared/domain/refunds/refund-events.ts';
import { noon } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  consumers,
  consumersWithoutQueue,
  createDeadLetterHarness,
  stored,
  toMessageBody,
} from './harness.ts';

const of = (payment: Payment, name: PaymentEventName) =>
  toMessageBody(replayPaymentEvent(payment, name));
const completion = of(stored.completed, 'PaymentCompleted');
const requested = (refund: typeof stored.refund) =>
  toMessageBody(replayRefundEvent(refund, 'RefundRequested'));
const pointer = (keys: object) => JSON.stringify({ table: 'any', keys: marshall(keys) });
/** DynamoDB rounds the time of a record down to the second. */
const wholeSecond = (at: Date) => `${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
const givenUp = (table: string, from: Date, to: Date) =>
  JSON.stringify({
    DDBStreamBatchInfo: {
      streamArn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${table}/stream/2026-03-14T00:00:00`,
      approximateArrivalOfFirstRecord: wholeSecond(from),
      approximateArrivalOfLastRecord: wholeSecond(to),
    },
  });

type Row = readonly [DeadLetterDisposition, body: string];

/** For each queue, messages of every disposition that it can have. */
const messagesByConsumer: Record<
  (typeof consumers)[number] | (typeof consumersWithoutQueue)[number],
  readonly Row[]
> = {
  'charge-payment': [
    ['redrive', of(stored.reserved, 'PaymentReserved')],
    ['inquiry-required', of(stored.claimed, 'PaymentReserved')],
    ['inquiry-required', of(stored.unknown, 'PaymentReserved')],
    ['obsolete', of(stored.completed, 'PaymentReserved')],
    ['obsolete', of(stored.failed, 'PaymentReserved')],
  ],
  'inquire-payment': [
    ['redrive', of(stored.unknown, 'PaymentOutcomeUnknown')],
    ['obsolete', of(stored.found, 'PaymentOutcomeUnknown')],
  ],
  'execute-refund': [
    ['redrive', requested(stored.refund)],
    ['obsolete', requested(stored.settled)],
  ],
  'refund-cancelled-payment': [['redrive', completion]],
  'send-to-data-platform': [
    ['redrive', completion],
    ['obsolete', of(stored.found, 'PaymentCompleted')],
  ],
  'notify-buyer': [
    ['redrive', of(stored.compensated, 'PaymentCompensated')],
    ['obsolete', of(stored.found, 'PaymentCompleted')],
  ],
  'update-ranking': [['redrive', completion]],
  'add-loyalty-points': [['redrive', completion]],
  'open-review': [['redrive', of(stored.reviewed, 'PaymentReviewOpened')]],
  'close-review': [['redrive', of(stored.compensated, 'PaymentCompensated')]],
  'compensation-undelivered': [
    ['redrive', of(stored.failed, 'PaymentFailed')],
    ['redrive', JSON.stringify({ id: 'e-1', paymentId: 'pay_failed', traceparent: '00-1' })],
    ['obsolete', of(stored.compensated, 'PaymentFailed')],
    ['poison', JSON.stringify({ paymentId: 'pay_reserved' })],
    ['poison', JSON.stringify({ paymentId: 'pay_none' })],
  ],
  'relay-undeliverable': [
    ['redrive', pointer({ paymentId: 'pay_completed' })],
    ['redrive', pointer({ refundId: 'rfd_settled' })],
    ['redrive', pointer({ orderId: 'ord_gone' })],
    ['redrive', pointer({ userId: 'alice', entry: 'PAYMENT#pay_paid' })],
    ['obsolete', pointer({ orderId: 'ord_open' })],
    ['poison', pointer({ paymentId: 'pay_none' })],
    ['poison', pointer({ paymentId: 'pay_malformed' })],
    ['poison', pointer({ somethingElse: '1' })],
  ],
  'relay-failures': [
    ['redrive', givenUp('Payments', noon, later(3))],
    ['obsolete', givenUp('Payments', later(3_600), later(3_601))],
    ['obsolete', givenUp('NoTable', noon, later(3))],
  ],
  'sweep-undelivered': [['obsolete', JSON.stringify({ tick: noon.toISOString() })]],
  'backlog-undelivered': [['obsolete', JSON.stringify({ tick: noon.toISOString() })]],
};

const allMessages = Object.entries(messagesByConsumer).flatMap(([consumer, rows]) => [
  ...rows.map((row) => [consumer, ...row] as const),
  [consumer, 'poison', 'not even JSON'] as const,
]);

/** A harness with all messages of a queue. */
const createFullHarness = (consumer: string) => {
  const harness = createDeadLetterHarness();
  const { tables } = harness;
  for (const deliverer of ['send-to-data-platform', 'notify-buyer'])
    tables.put('Deliveries', {
      eventId: replayPaymentEvent(stored.found, 'PaymentCompleted').id,
      consumer: deliverer,
    });
  tables.put('Orders', { ...stored.order, orderId: 'ord_open', status: 'PENDING_PAYMENT' });
  tables.put('Payments', { paymentId: 'pay_malformed', status: 'NO_SUCH_STATE', history: 1 });
  const put = allMessages
    .filter(([of]) => of === consumer)
    .map(([, disposition, body]) => ({ disposition, messageId: harness.put(consumer, body) }));
  const idsOf = (...dispositions: DeadLetterDisposition[]) =>
    put
      .filter(({ disposition }) => dispositions.includes(disposition))
      .map(({ messageId }) => messageId);

  return { ...harness, idsOf, all: put.map(({ messageId }) => messageId) };
};

const withoutQueue = (consumer: string) => !(consumers as readonly string[]).includes(consumer);

describe.each([...consumers, ...consumersWithoutQueue])('dead-letter queue of %s', (consumer) => {
  const expected = allMessages
    .filter(([of]) => of === consumer)
    .map(([, disposition]) => disposition);

  it('inspects all messages with their dispositions and removes none', async () => {
    const { inspectQueues, visibleIds, all } = createFullHarness(consumer);

    const [report] = await inspectQueues(100, consumer);

    expect(report?.sample.map((one) => one.disposition)).toEqual(expected);
    expect(report).toMatchObject({ depth: expected.length, oldestSentAt: noon.toISOString() });
    expect(visibleIds(consumer)).toEqual(all);
  });

  it.each(['redrive', 'delete'] as const)(
    'reports planned outcomes in a dry run of %s and changes nothing',
    async (action) => {
      const { redrive, visibleIds, all, queues, published, audits, idsOf } =
        createFullHarness(consumer);

      const results = await redrive(consumer, { action });

      expect(results.map((one) => one.disposition)).toEqual(expected);
      expect(
        results.filter(({ outcome }) => outcome !== 'skipped').map(({ messageId }) => messageId),
      ).toEqual(action === 'delete' ? idsOf('obsolete', 'poison') : idsOf('redrive'));
      expect(visibleIds(consumer)).toEqual(all);
      expect([queues.visibleMessages(consumer), published, audits()]).toEqual([[], [], []]);
    },
  );

  it('redrives and audits only messages that are safe to redrive', async () => {
    const { redrive, visibleIds, queues, published, audits, idsOf } = createFullHarness(consumer);

    await redrive(consumer, { isDryRun: false });

    const left = visibleIds(consumer).toSorted();
    expect(left).toEqual(idsOf('inquiry-required', 'obsolete', 'poison').toSorted());
    const safe = idsOf('redrive');
    expect(queues.visibleMessages(consumer)).toHaveLength(withoutQueue(consumer) ? 0 : safe.length);
    if (!withoutQueue(consumer)) expect(published).toEqual([]);
    else expect(published.length).toBeGreaterThanOrEqual(safe.length);
    expect(audits().map(({ actor, reason, subject }) => [actor, reason, subject])).toEqual(
      safe.map((messageId) => ['olivia', 'bus restored', messageId]),
    );
  });

  it('deletes and audits only obsolete and poison messages', async () => {
    const { redrive, visibleIds, queues, published, audits, idsOf } = createFullHarness(consumer);

    await redrive(consumer, { isDryRun: false, action: 'delete' });

    expect(visibleIds(consumer).toSorted()).toEqual(
      idsOf('redrive', 'inquiry-required').toSorted(),
    );
    expect([queues.visibleMessages(consumer), published]).toEqual([[], []]);
    expect(audits().map(({ subject }) => subject)).toEqual(idsOf('obsolete', 'poison'));
  });

  it('skips a message that was redriven too often', async () => {
    const { put, redrive, visibleIds } = createDeadLetterHarness();
    const attributes = { redrives: { DataType: 'Number', StringValue: `${maxRedrives}` } };
    const [, body = ''] =
      messagesByConsumer[consumer].find(([disposition]) => disposition === 'redrive') ?? [];
    const again = put(consumer, body, { attributes });

    await redrive(consumer, { isDryRun: false });

    expect(visibleIds(consumer)).toEqual([again]);
  });
});

it('covers all four dispositions over all queues', () => {
  expect(new Set(allMessages.map(([, disposition]) => disposition))).toEqual(
    new Set<DeadLetterDisposition>(['redrive', 'inquiry-required', 'obsolete', 'poison']),
  );
});

describe('redrive without a source queue', () => {
  it('is republished with a redrive count and skipped after the maximum', async () => {
    const { put, redrive, visibleIds, published } = createDeadLetterHarness();
    const failed = replayPaymentEvent(stored.failed, 'PaymentFailed');
    for (let times = 0; times <= maxRedrives; times += 1)
      put('compensation-undelivered', toMessageBody(failed, times));

    const results = await redrive('compensation-undelivered', { isDryRun: false });

    expect(results.map(({ redrives, outcome }) => [redrives, outcome])).toEqual([
      ...[0, 1, 2].map((times) => [times, 'redriven']),
      [3, 'skipped'],
    ]);
    expect(published).toEqual([1, 2, 3].map((redrives) => ({ id: failed.id, redrives })));
    expect(visibleIds('compensation-undelivered')).toHaveLength(1);
  });

  it.each([
    ['a refund', { refundId: 'rfd_settled' }, ['rfd_settled-1', 'rfd_settled-2']],
    ['an order', { orderId: 'ord_gone' }, ['ord_gone-3']],
    [
      'points, with their correction',
      { userId: 'alice', entry: 'PAYMENT#pay_paid' },
      ['points_pay_paid-1', 'points_pay_paid-2'],
    ],
  ])('replays from the table a pointer to %s', async (_what, keys, ids) => {
    const { put, redrive, published, delays } = createDeadLetterHarness();
    put('relay-undeliverable', pointer(keys));

    await redrive('relay-undeliverable', { isDryRun: false, ratePerSecond: 4 });

    expect(published.map(({ id }) => id)).toEqual(ids);
    expect(delays).toEqual(ids.map(() => 250));
  });

  it('replays only events of the batch interval and the table, whatever changed since', async () => {
    const { put, redrive, published } = createDeadLetterHarness();
    // The payment completed 2 s after noon; a refund changed it 10 s after noon.
    put('relay-failures', givenUp('Payments', later(2), later(2)));

    await redrive('relay-failures', { isDryRun: false });

    const ids = published.map(({ id }) => id);
    const { partlyRefunded, completed } = stored;
    expect(ids).toEqual(
      expect.arrayContaining([`${partlyRefunded.paymentId}-3`, `${completed.paymentId}-3`]),
    );
    expect(ids).not.toContain('rfd_requested-1');
  });

  it('replays the points that a batch added, whatever corrected them since', async () => {
    const { put, redrive, published } = createDeadLetterHarness();
    put('relay-failures', givenUp('LoyaltyPoints', later(1), later(1)));

    await redrive('relay-failures', { isDryRun: false });

    expect(published.map(({ id }) => id)).toEqual(['points_pay_paid-1']);
  });

  it('skips a batch whose events exceed the runtime limit at the requested rate', async () => {
    const { put, redrive, visibleIds, published, tables } = createDeadLetterHarness();
    for (let index = 0; index < 20; index += 1)
      tables.put('Payments', { ...stored.completed, paymentId: `pay_${index}` });
    const message = put('relay-failures', givenUp('Payments', noon, later(3)));

    const slow = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 1 });
    const leftAt = visibleIds('relay-failures');
    const fast = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 10 });

    expect([slow, fast].map(([result]) => result?.outcome)).toEqual(['skipped', 'redriven']);
    expect(leftAt).toEqual([message]);
    expect(published.length).toBeGreaterThan(20);
  });
});

it('redrives within the runtime limit and skips the remaining messages', async () => {
  const { put, redrive, visibleIds, delays, tables } = createDeadLetterHarness();
  for (let index = 0; index < 20; index += 1)
    tables.put('Payments', { ...stored.completed, paymentId: `pay_${index}` });
  const [, second] = [1, 2].map(() => put('relay-failures', givenUp('Payments', noon, later(3))));

  const results = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 3 });

  expect(results.map(({ outcome }) => outcome)).toEqual(['redriven', 'skipped']);
  expect(visibleIds('relay-failures')).toEqual([second]);
  expect(delays.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(20_000);
});

describe('selection of messages', () => {
  it('finds matching messages behind many others, up to the limit', async () => {
    const { put, redrive, visibleIds } = createDeadLetterHarness();
    for (let index = 0; index < 40; index += 1)
      put('update-ranking', of(stored.found, 'PaymentCompleted'));
    const wanted = [completion, completion, completion].map((body) => put('update-ranking', body));

    const request = { paymentId: 'pay_completed', limit: 2, isDryRun: false };
    const results = await redrive('update-ranking', request);

    expect(results.map(({ messageId }) => messageId)).toEqual(wanted.slice(0, 2));
    expect(visibleIds('update-ranking')).toHaveLength(41);
  });
});

describe('unreadable message', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const event = (data: object) => {
    const { detail, ...rest } = JSON.parse(of(stored.reserved, 'PaymentReserved'));

    return JSON.stringify({ ...rest, detail: { ...detail, ...data } });
  };

  it.each<[string, string]>([
    ...odd.map((name): [string, string] => [
      `a pointer to a key called ${name}`,
      `{"table":"any","keys":{"${name}":{"S":"x"}}}`,
    ]),
    ...odd.map((name): [string, string] => [
      `an event called ${name}`,
      `{"detail-type":"${name}","detail":{"type":"${name}"}}`,
    ]),
    ['an event of no payment', event({ subject: '' })],
    ['text', 'not JSON'],
  ])('is poison and does not affect other messages: %s', async (_what, body) => {
    const harness = createDeadLetterHarness();
    for (const one of [body, of(stored.reserved, 'PaymentReserved')])
      harness.put('charge-payment', one);

    const [report] = await harness.inspectQueues(10, 'charge-payment');
    const sample = report?.sample ?? [];

    expect(sample.map((message) => message.disposition).toSorted()).toEqual(['poison', 'redrive']);
  });

  it('is poison if DynamoDB rejects its key, but not if a read fails', async () => {
    const fails = (name: string) => (call: string, command: unknown) => {
      if (call === 'table' && JSON.stringify(command).includes('pay_completed')) {
        throw Object.assign(new Error('no'), { name });
      }
    };
    const rejecting = createDeadLetterHarness(later(120), fails('ValidationException'));
    const unavailable = createDeadLetterHarness(later(120), fails('AccessDeniedException'));
    for (const harness of [rejecting, unavailable]) harness.put('notify-buyer', completion);

    expect(await rejecting.inspectQueues(10, 'notify-buyer')).toMatchObject([
      { sample: [{ disposition: 'poison' }] },
    ]);
    await expect(unavailable.inspectQueues(10, 'notify-buyer')).rejects.toThrow('no');
  });
});
