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
/** As Lambda writes it: DynamoDB rounds the time of a record down to the second. */
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

/** Of each queue a letter of each class that it can have. */
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

const everything = Object.entries(messagesByConsumer).flatMap(([consumer, rows]) => [
  ...rows.map((row) => [consumer, ...row] as const),
  [consumer, 'poison', 'not even JSON'] as const,
]);

/** All letters of a queue, lying there. */
const createFullHarness = (consumer: string) => {
  const harness = createDeadLetterHarness();
  const { tables } = harness;
  for (const listener of ['send-to-data-platform', 'notify-buyer'])
    tables.put('Deliveries', {
      eventId: replayPaymentEvent(stored.found, 'PaymentCompleted').id,
      consumer: listener,
    });
  tables.put('Orders', { ...stored.order, orderId: 'ord_open', status: 'PENDING_PAYMENT' });
  tables.put('Payments', { paymentId: 'pay_malformed', status: 'NO_SUCH_STATE', history: 1 });
  const put = everything
    .filter(([of]) => of === consumer)
    .map(([, found, body]) => ({ found, messageId: harness.put(consumer, body) }));
  const idsOf = (...classes: DeadLetterDisposition[]) =>
    put.filter(({ found }) => classes.includes(found)).map(({ messageId }) => messageId);

  return { ...harness, idsOf, all: put.map(({ messageId }) => messageId) };
};

const withoutQueue = (consumer: string) => !(consumers as readonly string[]).includes(consumer);

describe.each([...consumers, ...consumersWithoutQueue])('the dead letters of %s', (consumer) => {
  const expected = everything.filter(([of]) => of === consumer).map(([, found]) => found);

  it('are each of the class that its payment gives it, and a look takes none away', async () => {
    const { survey, lying, all } = createFullHarness(consumer);

    const [surveyed] = await survey(100, consumer);

    expect(surveyed?.sample.map((one) => one.disposition)).toEqual(expected);
    expect(surveyed).toMatchObject({ depth: expected.length, oldestSentAt: noon.toISOString() });
    expect(lying(consumer)).toEqual(all);
  });

  it.each(['redrive', 'delete'] as const)(
    'stay where they are in a dry run to %s, which says what would become of them',
    async (action) => {
      const { decide, lying, all, queues, told, audits, idsOf } = createFullHarness(consumer);

      const results = await decide(consumer, { action });

      expect(results.map((one) => one.disposition)).toEqual(expected);
      expect(
        results.filter(({ outcome }) => outcome !== 'skipped').map(({ messageId }) => messageId),
      ).toEqual(action === 'delete' ? idsOf('obsolete', 'poison') : idsOf('redrive'));
      expect(lying(consumer)).toEqual(all);
      expect([queues.visibleMessages(consumer), told, audits()]).toEqual([[], [], []]);
    },
  );

  it('are sent again where that is safe, and kept in mind: none else moves', async () => {
    const { decide, lying, queues, told, audits, idsOf } = createFullHarness(consumer);

    await decide(consumer, { isDryRun: false });

    const left = lying(consumer).toSorted();
    expect(left).toEqual(idsOf('inquiry-required', 'obsolete', 'poison').toSorted());
    const safe = idsOf('redrive');
    expect(queues.visibleMessages(consumer)).toHaveLength(withoutQueue(consumer) ? 0 : safe.length);
    if (!withoutQueue(consumer)) expect(told).toEqual([]);
    else expect(told.length).toBeGreaterThanOrEqual(safe.length);
    expect(audits().map(({ actor, reason, subject }) => [actor, reason, subject])).toEqual(
      safe.map((messageId) => ['olivia', 'mended', messageId]),
    );
  });

  it('are dropped where nobody waits for them, and kept in mind: none else moves', async () => {
    const { decide, lying, queues, told, audits, idsOf } = createFullHarness(consumer);

    await decide(consumer, { isDryRun: false, action: 'delete' });

    expect(lying(consumer).toSorted()).toEqual(idsOf('redrive', 'inquiry-required').toSorted());
    expect([queues.visibleMessages(consumer), told]).toEqual([[], []]);
    expect(audits().map(({ subject }) => subject)).toEqual(idsOf('obsolete', 'poison'));
  });

  it('stay where they are when they came back too often', async () => {
    const { put, decide, lying } = createDeadLetterHarness();
    const attributes = { redrives: { DataType: 'Number', StringValue: `${maxRedrives}` } };
    const [, body = ''] = messagesByConsumer[consumer].find(([found]) => found === 'redrive') ?? [];
    const again = put(consumer, body, { attributes });

    await decide(consumer, { isDryRun: false });

    expect(lying(consumer)).toEqual([again]);
  });
});

it('are of all four classes, over all queues', () => {
  expect(new Set(everything.map(([, found]) => found))).toEqual(
    new Set<DeadLetterDisposition>(['redrive', 'inquiry-required', 'obsolete', 'poison']),
  );
});

describe('what has no queue to go back to', () => {
  it('is republished with a redrive count and skipped after the maximum', async () => {
    const { put, decide, lying, told } = createDeadLetterHarness();
    const failed = replayPaymentEvent(stored.failed, 'PaymentFailed');
    for (let times = 0; times <= maxRedrives; times += 1)
      put('compensation-undelivered', toMessageBody(failed, times));

    const results = await decide('compensation-undelivered', { isDryRun: false });

    expect(results.map(({ redrives, outcome }) => [redrives, outcome])).toEqual([
      ...[0, 1, 2].map((times) => [times, 'redriven']),
      [3, 'skipped'],
    ]);
    expect(told).toEqual([1, 2, 3].map((redrives) => ({ id: failed.id, redrives })));
    expect(lying('compensation-undelivered')).toHaveLength(1);
  });

  it.each([
    ['a refund', { refundId: 'rfd_settled' }, ['rfd_settled-1', 'rfd_settled-2']],
    ['an order', { orderId: 'ord_gone' }, ['ord_gone-3']],
    [
      'points, by the id of when they were added, though they were corrected since',
      { userId: 'alice', entry: 'PAYMENT#pay_paid' },
      ['points_pay_paid-1'],
    ],
  ])('is read from the table where it points to %s', async (_what, keys, ids) => {
    const { put, decide, told, pauses } = createDeadLetterHarness();
    put('relay-undeliverable', pointer(keys));

    await decide('relay-undeliverable', { isDryRun: false, ratePerSecond: 4 });

    expect(told.map(({ id }) => id)).toEqual(ids);
    expect(pauses).toEqual(ids.map(() => 250));
  });

  it('replays only events of the batch interval and the table, whatever changed since', async () => {
    const { put, decide, told } = createDeadLetterHarness();
    // The refund of ten seconds past noon moved the payment that had completed two seconds past.
    put('relay-failures', givenUp('Payments', later(2), later(2)));

    await decide('relay-failures', { isDryRun: false });

    const ids = told.map(({ id }) => id);
    const { partlyRefunded, completed } = stored;
    expect(ids).toEqual(
      expect.arrayContaining([`${partlyRefunded.paymentId}-3`, `${completed.paymentId}-3`]),
    );
    expect(ids).not.toContain('rfd_asked-1');
  });

  it('stays where its events would take longer than there is time, at the rate that is asked for', async () => {
    const { put, decide, lying, told, tables } = createDeadLetterHarness();
    for (let index = 0; index < 20; index += 1)
      tables.put('Payments', { ...stored.completed, paymentId: `pay_${index}` });
    const message = put('relay-failures', givenUp('Payments', noon, later(3)));

    const slow = await decide('relay-failures', { isDryRun: false, ratePerSecond: 1 });
    const leftAt = lying('relay-failures');
    const fast = await decide('relay-failures', { isDryRun: false, ratePerSecond: 10 });

    expect([slow, fast].map(([result]) => result?.outcome)).toEqual(['skipped', 'redriven']);
    expect(leftAt).toEqual([message]);
    expect(told.length).toBeGreaterThan(20);
  });
});

it('are taken out together in no longer than there is time, and what is left is for the next time', async () => {
  const { put, decide, lying, pauses, tables } = createDeadLetterHarness();
  for (let index = 0; index < 20; index += 1)
    tables.put('Payments', { ...stored.completed, paymentId: `pay_${index}` });
  const [, second] = [1, 2].map(() => put('relay-failures', givenUp('Payments', noon, later(3))));

  const results = await decide('relay-failures', { isDryRun: false, ratePerSecond: 3 });

  expect(results.map(({ outcome }) => outcome)).toEqual(['redriven', 'skipped']);
  expect(lying('relay-failures')).toEqual([second]);
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(20_000);
});

describe('what is selected', () => {
  it('is found behind many that are not, as many as are wanted', async () => {
    const { put, decide, lying } = createDeadLetterHarness();
    for (let index = 0; index < 40; index += 1)
      put('update-ranking', of(stored.found, 'PaymentCompleted'));
    const wanted = [completion, completion, completion].map((body) => put('update-ranking', body));

    const order = { paymentId: 'pay_completed', limit: 2, isDryRun: false };
    const results = await decide('update-ranking', order);

    expect(results.map(({ messageId }) => messageId)).toEqual(wanted.slice(0, 2));
    expect(lying('update-ranking')).toHaveLength(41);
  });
});

describe('a dead letter that nobody can read', () => {
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
  ])('is one letter of its page: %s', async (_what, body) => {
    const harness = createDeadLetterHarness();
    for (const one of [body, of(stored.reserved, 'PaymentReserved')])
      harness.put('charge-payment', one);

    const [surveyed] = await harness.survey(10, 'charge-payment');
    const sample = surveyed?.sample ?? [];

    expect(sample.map((message) => message.disposition).toSorted()).toEqual(['poison', 'redrive']);
  });

  it('is one whose key DynamoDB refuses, and not one that it could not read just now', async () => {
    const fails = (name: string) => (call: string, command: unknown) => {
      if (call === 'table' && JSON.stringify(command).includes('pay_completed')) {
        throw Object.assign(new Error('no'), { name });
      }
    };
    const refused = createDeadLetterHarness(later(120), fails('ValidationException'));
    const absent = createDeadLetterHarness(later(120), fails('AccessDeniedException'));
    for (const harness of [refused, absent]) harness.put('notify-buyer', completion);

    expect(await refused.survey(10, 'notify-buyer')).toMatchObject([
      { sample: [{ disposition: 'poison' }] },
    ]);
    await expect(absent.survey(10, 'notify-buyer')).rejects.toThrow('no');
  });
});
