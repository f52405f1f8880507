import { describe, expect, it } from 'vitest';
import { maxRedrives } from '../../../../shared/application/dead-letters/redrive.ts';
import type { DeadLetterDisposition } from '../../../../shared/domain/dead-letters/dead-letter-policy.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { replayRefundEvent } from '../../../../shared/domain/refunds/refund-events.ts';
import { noon } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  completionBody,
  consumers,
  consumersWithoutQueue,
  createDeadLetterHarness,
  stored,
  toFailedBatch,
  toMessageBody,
  toPaymentEventBody,
  toPointer,
} from './harness.ts';

const requested = (refund: typeof stored.refund) =>
  toMessageBody(replayRefundEvent(refund, 'RefundRequested'));

type Row = readonly [DeadLetterDisposition, body: string];

/** For each queue, messages of every disposition that it can have. */
const messagesByConsumer: Record<
  (typeof consumers)[number] | (typeof consumersWithoutQueue)[number],
  readonly Row[]
> = {
  'charge-payment': [
    ['redrive', toPaymentEventBody(stored.reserved, 'PaymentReserved')],
    ['inquiry-required', toPaymentEventBody(stored.claimed, 'PaymentReserved')],
    ['inquiry-required', toPaymentEventBody(stored.unknown, 'PaymentReserved')],
    ['obsolete', toPaymentEventBody(stored.completed, 'PaymentReserved')],
    ['obsolete', toPaymentEventBody(stored.failed, 'PaymentReserved')],
  ],
  'inquire-payment': [
    ['redrive', toPaymentEventBody(stored.unknown, 'PaymentOutcomeUnknown')],
    ['obsolete', toPaymentEventBody(stored.found, 'PaymentOutcomeUnknown')],
  ],
  'execute-refund': [
    ['redrive', requested(stored.refund)],
    ['obsolete', requested(stored.settled)],
  ],
  'refund-cancelled-payment': [['redrive', completionBody]],
  'compensate-payment': [
    ['redrive', toPaymentEventBody(stored.failed, 'PaymentFailed')],
    ['obsolete', toPaymentEventBody(stored.started, 'PaymentFailed')],
    ['obsolete', toPaymentEventBody(stored.compensated, 'PaymentFailed')],
  ],
  'send-to-data-platform': [
    ['redrive', completionBody],
    ['obsolete', toPaymentEventBody(stored.found, 'PaymentCompleted')],
  ],
  'notify-buyer': [
    ['redrive', toPaymentEventBody(stored.compensated, 'PaymentCompensated')],
    ['obsolete', toPaymentEventBody(stored.found, 'PaymentCompleted')],
  ],
  'update-ranking': [['redrive', completionBody]],
  'add-loyalty-points': [['redrive', completionBody]],
  'open-review': [['redrive', toPaymentEventBody(stored.reviewed, 'PaymentReviewOpened')]],
  'close-review': [['redrive', toPaymentEventBody(stored.compensated, 'PaymentCompensated')]],
  'compensation-undelivered': [
    ['redrive', toPaymentEventBody(stored.failed, 'PaymentFailed')],
    ['redrive', toPaymentEventBody(stored.started, 'PaymentCompensationStarted')],
    ['redrive', JSON.stringify({ id: 'e-1', paymentId: 'pay_failed', traceparent: '00-1' })],
    ['redrive', JSON.stringify({ id: 'e-1', paymentId: 'pay_started', traceparent: '00-1' })],
    ['obsolete', toPaymentEventBody(stored.compensated, 'PaymentFailed')],
    ['poison', JSON.stringify({ paymentId: 'pay_reserved' })],
    ['poison', JSON.stringify({ paymentId: 'pay_none' })],
  ],
  'relay-undeliverable': [
    ['redrive', toPointer({ paymentId: 'pay_completed' })],
    ['redrive', toPointer({ refundId: 'rfd_settled' })],
    ['redrive', toPointer({ orderId: 'ord_gone' })],
    ['redrive', toPointer({ userId: 'alice', entry: 'PAYMENT#pay_paid' })],
    ['obsolete', toPointer({ orderId: 'ord_open' })],
    ['obsolete', toPointer({ orderId: 'ord_paid' })],
    ['poison', toPointer({ paymentId: 'pay_none' })],
    ['poison', toPointer({ paymentId: 'pay_malformed' })],
    ['poison', toPointer({ somethingElse: '1' })],
  ],
  'relay-failures': [
    ['redrive', toFailedBatch('Payments', noon, later(3))],
    ['redrive', toFailedBatch('Payments', later(3_600), later(3_601))],
    ['obsolete', toFailedBatch('NoTable', noon, later(3))],
  ],
  'sweep-undelivered': [['obsolete', JSON.stringify({ tick: noon.toISOString() })]],
  'backlog-undelivered': [['obsolete', JSON.stringify({ tick: noon.toISOString() })]],
  'canary-undelivered': [['obsolete', JSON.stringify({ tick: noon.toISOString() })]],
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
  tables.put('Orders', {
    ...stored.order,
    orderId: 'ord_paid',
    status: 'COMPLETED',
    activePaymentId: 'pay_paid',
  });
  tables.put('Payments', { paymentId: 'pay_malformed', status: 'NO_SUCH_STATE', history: 1 });
  const put = allMessages
    .filter(([name]) => name === consumer)
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
    .filter(([name]) => name === consumer)
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
