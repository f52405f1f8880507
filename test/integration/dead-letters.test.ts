import { describe, expect, it } from 'vitest';
import { toQueueMessage } from '../../dev/smoke/check-redrive.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { aClaimedPayment } from '../support/stack/forced-states.ts';
import { environmentVariable } from '../support/stack/function-environment.ts';
import {
  consumerQueue,
  deadLetterQueueUrls,
  expectNoMessage,
  queueDepth,
  sendMessage,
  takeMessage,
  waitForMessage,
} from '../support/stack/queues.ts';
import { query, storedPayment } from '../support/stack/repositories.ts';
import { anOrder, uniqueId } from '../support/stack/stack-fixtures.ts';
import { findStreamRecord } from '../support/stack/stream-records.ts';

const charger = 'charge-payment';
const { deadLettersUrl } = consumerQueue(charger);

interface RedriveItem {
  readonly disposition: string;
  readonly outcome: string;
}

/** The response to a redrive or delete request. */
const redrive = async (
  paymentId: string,
  action: 'redrive' | 'delete',
  dryRun = true,
  consumer = charger,
) => {
  const reason = `${uniqueId('reason')}`;
  const body = { consumer, action, paymentId, dryRun, limit: 100, reason };
  const answer = await api.asOperator({
    method: 'POST',
    path: '/operator/dead-letters/redrive',
    body,
  });
  expect(answer.status).toBe(200);

  return { reason, letters: (answer.body as unknown as { items: RedriveItem[] }).items };
};

/**
 * Repeats the request until it concerns these messages, and returns its reason: a message is invisible for a moment
 * after each read, and other files read the same queues.
 */
const expectRedrive = (
  request: Parameters<typeof redrive>,
  expected: readonly Partial<RedriveItem>[],
): Promise<string> =>
  eventually(async () => {
    const { letters, reason } = await redrive(...request);
    expect(letters).toMatchObject(expected);

    return reason;
  });

/** Audit entries with this reason, of today or, around midnight, of yesterday. */
const auditEntries = async (reason: string) => {
  const days = new Set([0, 60_000].map((agoMs) => utcDayOf(new Date(Date.now() - agoMs))));
  const kept = [...days].map((day) => query({ TableName: stack.tables.audits }, { day }));

  return (await Promise.all(kept)).flat().filter(({ reason: why }) => why === reason);
};

describe('dead letters', () => {
  it('are classified by the current payment; a dry run moves none', async () => {
    const claimed = await aClaimedPayment(await anOrder(), new Date(Date.now() + 60_000));
    const done = await api.accepted(await anOrder());
    await api.settled(done);
    const completed = await storedPayment(done.paymentId);
    for (const payment of [claimed, completed])
      await sendMessage(
        deadLettersUrl,
        toQueueMessage(replayPaymentEvent(payment, 'PaymentReserved')),
      );

    await expectRedrive(
      [claimed.paymentId, 'redrive'],
      [{ disposition: 'inquiry-required', outcome: 'skipped' }],
    );
    const planned = await expectRedrive(
      [done.paymentId, 'delete'],
      [{ disposition: 'obsolete', outcome: 'planned' }],
    );

    await waitForMessage(deadLettersUrl, claimed.paymentId);
    await waitForMessage(deadLettersUrl, done.paymentId);
    expect(await auditEntries(planned)).toEqual([]);
    const dropped = await expectRedrive(
      [done.paymentId, 'delete', false],
      [{ outcome: 'deleted' }],
    );
    expect(await auditEntries(dropped)).toMatchObject([
      {
        actor: 'olivia',
        action: 'delete',
        detail: { consumer: charger, paymentId: done.paymentId },
      },
    ]);
    await takeMessage(deadLettersUrl, claimed.paymentId);
  });

  it('are redriven once if safe, without a second effect', async () => {
    const listener = 'add-loyalty-points';
    const payment = await api.accepted(await anOrder());
    await api.settled(payment);
    const { buyer, paymentId } = payment;
    const points = async () =>
      (await api.send({ method: 'GET', path: '/me/points', buyer })).body.points;
    await eventually(async () => expect(await points()).toBeGreaterThan(0));
    const before = await points();
    const event = replayPaymentEvent(await storedPayment(paymentId), 'PaymentCompleted');
    await sendMessage(consumerQueue(listener).deadLettersUrl, toQueueMessage(event));

    const reason = await expectRedrive(
      [paymentId, 'redrive', false, listener],
      [{ disposition: 'redrive', outcome: 'redriven' }],
    );

    expect(await auditEntries(reason)).toMatchObject([{ actor: 'olivia', action: 'redrive' }]);
    await eventually(async () => expect(await queueDepth(consumerQueue(listener).url)).toBe(0));
    expect((await redrive(paymentId, 'redrive', true, listener)).letters).toEqual([]);
    expect(await points()).toBe(before);
  });

  it('replays events from the table for messages that point into a stream', async () => {
    const payment = await api.accepted(await anOrder());
    await api.settled(payment);
    const { paymentId } = payment;
    const undeliverable = await environmentVariable('relay-changes', 'UNDELIVERABLE_QUEUE_URL');
    await sendMessage(undeliverable, JSON.stringify({ keys: { paymentId: { S: paymentId } } }));

    const decided = await expectRedrive(
      [paymentId, 'redrive', false, 'relay-undeliverable'],
      [{ disposition: 'redrive', outcome: 'redriven' }],
    );

    expect(await auditEntries(decided)).toMatchObject([
      { detail: { reason: expect.stringContaining('2 events') } },
    ]);
    await expectNoMessage(undeliverable, paymentId);
  });

  it('replays from the stream a batch that the relay gave up', async () => {
    const payment = await api.accepted(await anOrder());
    const { streamArn, shardId, sequenceNumber } = await findStreamRecord(
      stack.tables.payments,
      payment.paymentId,
    );
    const failures = (await deadLetterQueueUrls()).get('relay-failures') ?? '';
    // A time at which no item was written, so that only the stream can have the event.
    const longAgo = '2026-01-01T00:00:00Z';
    const batch = {
      streamArn,
      shardId,
      startSequenceNumber: sequenceNumber,
      endSequenceNumber: sequenceNumber,
      approximateArrivalOfFirstRecord: longAgo,
      approximateArrivalOfLastRecord: longAgo,
      batchSize: 1,
    };
    await sendMessage(failures, JSON.stringify({ DDBStreamBatchInfo: batch }));

    const body = {
      ...{ consumer: 'relay-failures', action: 'redrive', dryRun: false },
      reason: `${uniqueId('reason')}`,
    };
    await eventually(async () => {
      const path = '/operator/dead-letters/redrive';
      const response = await api.asOperator({ method: 'POST', path, body });
      const published = '1 events were published again.';
      expect(response.body.items).toMatchObject([{ outcome: 'redriven', reason: published }]);
    });

    await expectNoMessage(failures, sequenceNumber);
    await api.settled(payment);
  });

  it('are classified as poison if unparseable', async () => {
    const mark = uniqueId('poison');
    const { MessageId: messageId } = await sendMessage(deadLettersUrl, `{"not": "JSON, ${mark}`);

    const surveyed = {
      consumer: charger,
      sample: expect.arrayContaining([
        expect.objectContaining({ disposition: 'poison', messageId }),
      ]),
    };
    await eventually(async () => {
      const survey = await api.asOperator({
        method: 'GET',
        path: '/operator/dead-letters',
        query: { sample: 20 },
      });
      expect(survey.status).toBe(200);
      expect(survey.body.items).toContainEqual(expect.objectContaining(surveyed));
    });
    await takeMessage(deadLettersUrl, mark);
  });

  it('need the operator scope', async () => {
    const buyer = uniqueId('buyer');

    expect(await api.send({ method: 'GET', path: '/operator/dead-letters', buyer })).toMatchObject({
      status: 403,
    });
  });
});
