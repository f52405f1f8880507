import type { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { EventRefusedError } from '../../../../shared/lambda/event-publisher.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { versionsAfter } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { aStreamRecord, streamRecordsOf } from '../../../support/builders/stream-records.ts';
import { createDeadLetterHarness, stored, toFailedBatch, toPointer } from './harness.ts';

const queue = 'relay-failures';
const live = { isDryRun: false };
const payments = [1, 2, 3, 4].map((index) => aPayment({ paymentId: `pay_s${index}` }));

/** A harness whose stream has the versions of four payments, and a message about a batch of them all. */
const createHarnessWithStream = (options: Parameters<typeof createDeadLetterHarness> = []) => {
  const harness = createDeadLetterHarness(...options);
  const records = payments.flatMap((payment) =>
    streamRecordsOf(versionsAfter(payment, ['claimed', 'captured'])),
  );
  for (const record of records) harness.streamLog.add('shardId-1', record, noon.getTime());
  const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
  const batch = (first: number, last: number) =>
    toFailedBatch('Payments', noon, noon, {
      first: numbers.at(first) ?? '',
      last: numbers.at(last) ?? '',
    });

  return { ...harness, ids: () => harness.published.map(({ id }) => id), batch };
};

const eventIds = payments.flatMap(({ paymentId }) => [`${paymentId}-1`, `${paymentId}-3`]);

describe('redrive of a batch that the relay gave up', () => {
  it('publishes the events of its records in the stream, and reads no table', async () => {
    const scans: unknown[] = [];
    const scan = (input: ScanCommand['input']) => {
      scans.push(input);

      return {};
    };
    const { put, redrive, ids, batch, visibleIds } = createHarnessWithStream([
      later(120),
      undefined,
      scan,
    ]);
    put(queue, batch(3, 8));

    expect(await redrive(queue, live)).toMatchObject([
      { outcome: 'redriven', reason: '4 events were published again.' },
    ]);

    expect(ids()).toEqual(eventIds.slice(2, 6));
    expect(visibleIds(queue)).toEqual([]);
    expect(scans).toEqual([]);
  });

  it('publishes the event of an order, which the table cannot give any more', async () => {
    const { put, redrive, published, streamLog } = createDeadLetterHarness();
    const placed = anOrder({ orderId: 'ord_1' });
    const cancelled = {
      ...placed,
      status: 'CANCELLED',
      version: 2,
      cancelReason: 'cancelled-by-buyer',
    };
    const record = aStreamRecord('Orders', { before: placed, after: cancelled });
    streamLog.add('shardId-1', record, noon.getTime());
    const { SequenceNumber: number = '' } = record.dynamodb ?? {};
    put(queue, toFailedBatch('Orders', noon, noon, { first: number, last: number }));

    await redrive(queue, live);

    expect(published.map(({ id }) => id)).toEqual(['ord_1-2']);
  });

  it('scans the table once the stream no longer has the records', async () => {
    const { put, redrive, ids, batch } = createHarnessWithStream([later(86_500)]);
    put(queue, batch(0, -1));

    await redrive(queue, live);

    expect(ids()).toContain(`${stored.completed.paymentId}-3`);
    expect(ids()).not.toContain(eventIds[0]);
  });

  it('plans a batch in a dry run without reading it', async () => {
    const commands: unknown[] = [];
    const { put, redrive, batch, visibleIds } = createHarnessWithStream([
      later(120),
      (call, of) => call === 'table' && commands.push(of),
    ]);
    const message = put(queue, batch(0, -1));

    expect(await redrive(queue)).toMatchObject([
      { outcome: 'planned', disposition: 'redrive', reason: expect.stringContaining('Payments') },
    ]);
    expect(commands).toEqual([]);
    expect(visibleIds(queue)).toEqual([message]);
  });

  it('goes on after the limit of a request, and publishes no event twice', async () => {
    const { put, redrive, ids, batch } = createHarnessWithStream();
    put(queue, batch(0, -1));
    // Two events in the 20 s of a request.
    const request = { ...live, ratePerSecond: 0.1 };

    const outcomes: (string | undefined)[] = [];
    while (outcomes.at(-1) !== 'redriven' && outcomes.length < 10)
      outcomes.push((await redrive(queue, request)).at(-1)?.outcome);

    expect(outcomes).toEqual([...Array(4).fill('continued'), 'redriven']);
    expect(ids()).toEqual(eventIds);
  });

  it('receives no further message once the rest of a batch is in a new one', async () => {
    const { put, redrive, batch, visibleIds } = createHarnessWithStream();
    for (let count = 0; count < 12; count += 1) put(queue, batch(0, -1));

    const results = await redrive(queue, { ...live, ratePerSecond: 0.1 });

    expect(results.map(({ outcome }) => outcome)).toEqual([
      'continued',
      ...Array(9).fill('skipped'),
    ]);
    expect(visibleIds(queue)).toHaveLength(12);
  });

  it('goes on after the bus failed in the middle, and publishes no event twice', async () => {
    let isDown = true;
    const { put, redrive, ids, batch, visibleIds } = createHarnessWithStream([
      later(120),
      (call, of) => {
        if (call === 'publish' && of === eventIds[3] && isDown) throw new Error('bus down');
      },
    ]);
    put(queue, batch(0, -1));

    await expect(redrive(queue, live)).rejects.toThrow('EventBridge did not accept');
    expect(visibleIds(queue)).toHaveLength(1);
    isDown = false;
    expect(await redrive(queue, live)).toMatchObject([{ outcome: 'redriven' }]);

    expect(ids()).toEqual(eventIds);
  });

  it('goes on from the records if the message could not be replaced', async () => {
    let isDown = true;
    const { put, redrive, ids, batch } = createHarnessWithStream([
      later(120),
      (call, of) => {
        const isSend = call === 'queue' && `${(of as object).constructor.name}`.startsWith('Send');
        if (isDown && (isSend || of === eventIds[3])) throw new Error('down');
      },
    ]);
    put(queue, batch(0, -1));

    await expect(redrive(queue, live)).rejects.toThrow('EventBridge did not accept');
    isDown = false;
    await redrive(queue, live);

    expect(ids()).toEqual([...eventIds.slice(0, 3), ...eventIds]);
  });

  it('publishes the others and keeps the message if EventBridge refuses an event', async () => {
    let isRefused = true;
    const { put, redrive, ids, batch, visibleIds } = createHarnessWithStream([
      later(120),
      (call, of) => {
        if (call === 'publish' && of === eventIds[1] && isRefused)
          throw new EventRefusedError(
            replayPaymentEvent(stored.completed, 'PaymentCompleted'),
            'MalformedDetail',
          );
      },
    ]);
    put(queue, batch(0, 5));
    put(queue, batch(6, -1));

    const first = await redrive(queue, live);

    expect(first).toMatchObject([
      { outcome: 'skipped', reason: expect.stringContaining(`${eventIds[1]}`) },
      { outcome: 'redriven' },
    ]);
    expect(ids()).toEqual(eventIds.filter((id) => id !== eventIds[1]));
    expect(visibleIds(queue)).toHaveLength(1);
    isRefused = false;
    expect(await redrive(queue, live)).toMatchObject([{ outcome: 'redriven' }]);
    expect(ids()).toContain(eventIds[1]);
  });

  it('does not remember a refused event of an item that it reads again', async () => {
    const { paymentId } = stored.completed;
    let isDown = true;
    const { put, redrive, ids, batch, visibleIds } = createHarnessWithStream([
      later(86_500),
      (call, of) => {
        if (call !== 'publish' || !isDown) return;
        if (of === `${paymentId}-3`) throw new Error('bus down');
        if (of === `${paymentId}-1`)
          throw new EventRefusedError(
            replayPaymentEvent(stored.completed, 'PaymentReserved'),
            'MalformedDetail',
          );
      },
    ]);
    put(queue, batch(0, -1));

    await expect(redrive(queue, live)).rejects.toThrow('EventBridge did not accept');
    expect(ids()).not.toEqual([]);
    isDown = false;

    expect(await redrive(queue, live)).toMatchObject([{ outcome: 'redriven' }]);
    expect(ids()).toEqual(expect.arrayContaining([`${paymentId}-1`, `${paymentId}-3`]));
    expect(visibleIds(queue)).toEqual([]);
  });

  it('stores what is done once, also if the earlier message cannot be deleted', async () => {
    let isDown = true;
    const { put, redrive, batch, visibleIds } = createHarnessWithStream([
      later(120),
      (call, of) => {
        const isDelete = `${(of as object).constructor.name}`.startsWith('DeleteMessage');
        if (isDown && call === 'queue' && isDelete) throw new Error('down');
      },
    ]);
    put(queue, batch(0, -1));

    await expect(redrive(queue, { ...live, ratePerSecond: 0.1 })).rejects.toThrow('down');
    isDown = false;

    expect(visibleIds(queue)).toHaveLength(2);
  });
});

describe('redrive of an event that EventBridge refused', () => {
  const pointer = JSON.stringify({
    ...JSON.parse(toPointer({ paymentId: stored.completed.paymentId })),
    refused: { id: `${stored.completed.paymentId}-3`, code: 'MalformedDetail' },
  });

  it('publishes that event of its item alone', async () => {
    const { put, redrive, published } = createDeadLetterHarness();
    put('relay-undeliverable', pointer);

    await redrive('relay-undeliverable', live);

    expect(published.map(({ id }) => id)).toEqual([`${stored.completed.paymentId}-3`]);
  });

  it('keeps the message while EventBridge refuses it, and redrives the next one', async () => {
    const { put, redrive, published, visibleIds } = createDeadLetterHarness(
      later(120),
      (call, of) => {
        if (call === 'publish' && of === `${stored.completed.paymentId}-3`)
          throw new EventRefusedError(
            replayPaymentEvent(stored.completed, 'PaymentCompleted'),
            'MalformedDetail',
          );
      },
    );
    const refused = put('relay-undeliverable', pointer);
    put('relay-undeliverable', toPointer({ orderId: 'ord_gone' }));

    const results = await redrive('relay-undeliverable', live);

    expect(results.map(({ outcome }) => outcome)).toEqual(['skipped', 'redriven']);
    expect(visibleIds('relay-undeliverable')).toEqual([refused]);
    expect(published.map(({ id }) => id)).toEqual(['ord_gone-3']);
  });
});
