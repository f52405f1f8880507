import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { updateRanking } from '../../../../functions/update-ranking/handler.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { SaleEventName } from '../../../../shared/domain/outbox/stored-event.ts';
import { rankingKey } from '../../../../shared/persistence/dynamodb/keys.ts';
import { createRankingRepository } from '../../../../shared/persistence/ranking-repository.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  asConfirmed,
  markerExistsError,
  noonClock,
} from '../../../support/builders/consumer-events.ts';

const db = mockClient(DynamoDBDocumentClient);
const rankings = createRankingRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Rankings',
);
const count = updateRanking({ rankings, clock: noonClock });
const update = (event: DomainEvent<SaleEventName>) => count(asConfirmed(event));

beforeEach(() => {
  db.reset();
  db.on(TransactWriteCommand).resolves({});
  db.on(GetCommand).resolves({});
});

const daysAfterNoon = (days: number) => new Date(noonClock.now().getTime() + days * 86_400_000);

const added = (day: string, sku: string, units: number) => ({
  Update: {
    TableName: 'Rankings',
    Key: rankingKey.count(day, sku),
    UpdateExpression: 'SET #sku = :v0 ADD #units :v1',
    ExpressionAttributeNames: { '#sku': 'sku', '#units': 'units' },
    ExpressionAttributeValues: { ':v0': sku, ':v1': units },
  },
});

it("counts a sale on the shop's day", async () => {
  const evening = { now: () => new Date('2026-03-14T22:05:00Z') };
  const seoul = updateRanking({ rankings, clock: evening, timeZone: 'Asia/Seoul' });

  expect(
    await seoul(asConfirmed(aPaymentCompletedEvent({ completedAt: evening.now().toISOString() }))),
  ).toMatchObject({ day: '2026-03-15' });
});

describe('update ranking', () => {
  it('counts the units and marks the event in one transaction', async () => {
    const lines = [
      { sku: 'tea', quantity: 2 },
      { sku: 'cup', quantity: 1 },
    ];
    const event = aPaymentCompletedEvent({ lines });

    expect(await update(event)).toMatchObject({ outcome: 'counted', day: '2026-03-14' });

    expect(db).toHaveReceivedCommandTimes(TransactWriteCommand, 1);
    expect(db.call(0).args[0].input).toEqual({
      ClientRequestToken: expect.any(String),
      TransactItems: [
        {
          Put: {
            TableName: 'Rankings',
            Item: {
              day: `EVENT#${event.id}`,
              entry: `EVENT#${event.id}`,
              countedAt: '2026-03-14T12:00:00.000Z',
              // After 91 days.
              expiration: Date.parse('2026-06-13T12:00:00.000Z') / 1_000,
            },
            ConditionExpression: 'attribute_not_exists(#day)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ExpressionAttributeNames: { '#day': 'day' },
          },
        },
        added('2026-03-14', 'tea', 2),
        added('2026-03-14', 'cup', 1),
      ],
    });
  });

  it('uses the UTC day of the sale to its last millisecond', async () => {
    await update(aPaymentCompletedEvent({ completedAt: '2026-03-14T23:59:59.999Z' }));
    await update(aPaymentCompletedEvent({ completedAt: '2026-03-15T00:00:00.000Z' }));

    const days = db
      .commandCalls(TransactWriteCommand)
      .map(({ args: [{ input }] }) => input.TransactItems?.[1]?.Update?.Key);
    expect(days).toEqual([
      rankingKey.count('2026-03-14', 'tea'),
      rankingKey.count('2026-03-15', 'tea'),
    ]);
  });

  it('merges two lines of one SKU', async () => {
    const line = { sku: 'tea', quantity: 2 };

    await update(aPaymentCompletedEvent({ lines: [line, line] }));

    const [command] = db.commandCalls(TransactWriteCommand);
    expect(command?.args[0].input.TransactItems?.slice(1)).toEqual([added('2026-03-14', 'tea', 4)]);
  });

  it('counts the largest order in one transaction', async () => {
    const lines = Array.from({ length: 80 }, (_, number) => ({
      sku: `sku-${number}`,
      quantity: 1,
    }));

    await update(aPaymentCompletedEvent({ lines }));

    const [command] = db.commandCalls(TransactWriteCommand);
    expect(command?.args[0].input.TransactItems).toHaveLength(81);
  });

  it('subtracts returned units on the day of the sale', async () => {
    const event = aRefundCompletedEvent({
      lines: [{ sku: 'tea', quantity: 2 }],
      soldAt: '2026-03-14T23:59:59.999Z',
    });

    expect(await update(event)).toMatchObject({ outcome: 'counted', day: '2026-03-14' });

    const [command] = db.commandCalls(TransactWriteCommand);
    expect(command?.args[0].input.TransactItems).toEqual([
      {
        Put: expect.objectContaining({
          Item: expect.objectContaining(rankingKey.marker(event.id)),
        }),
      },
      added('2026-03-14', 'tea', -2),
    ]);
  });

  it('counts an event once for any number of deliveries', async () => {
    db.on(TransactWriteCommand).rejects(markerExistsError());

    expect(await update(aPaymentCompletedEvent())).toMatchObject({ outcome: 'duplicate' });
  });

  it('counts a line of a hot product on the first of its stock items', async () => {
    const event = aPaymentCompletedEvent({ lines: [{ sku: 'tea', quantity: 5 }] });
    const parts = [
      { sku: 'tea#7', quantity: 3 },
      { sku: 'tea#2', quantity: 2 },
    ];

    await count({ event, lines: [{ sku: 'tea', quantity: 5, parts }] });

    const [command] = db.commandCalls(TransactWriteCommand);
    expect(command?.args[0].input.TransactItems?.slice(1)).toEqual([
      {
        Update: expect.objectContaining({
          Key: rankingKey.count('2026-03-14', 'tea#7'),
          ExpressionAttributeValues: { ':v0': 'tea', ':v1': 5 },
        }),
      },
    ]);
  });

  it('reads no marker for an event of the last minute', async () => {
    await update(aPaymentCompletedEvent());

    expect(db).not.toHaveReceivedCommand(GetCommand);
  });

  it('counts no event that an earlier version of the service has counted', async () => {
    db.on(GetCommand).resolves({ Item: {} });
    const event = aRefundCompletedEvent({ lines: [{ sku: 'tea', quantity: 1 }] });
    const late = updateRanking({ rankings, clock: { now: () => daysAfterNoon(3) } });

    expect(await late(asConfirmed(event))).toMatchObject({ outcome: 'duplicate' });

    expect(db).toHaveReceivedCommandExactlyOnceWith(GetCommand, {
      TableName: 'Rankings',
      Key: { day: '2026-03-14', entry: `EVENT#${event.id}` },
      ConsistentRead: true,
    });
    expect(db).not.toHaveReceivedCommand(TransactWriteCommand);
  });

  it.each([
    [90, 'counted', 1],
    [90.1, 'too-old', 0],
  ])(
    'ends an event of %d days ago as %s: then its marker may be deleted',
    async (days, outcome, writes) => {
      db.on(GetCommand).resolves({});
      const late = updateRanking({ rankings, clock: { now: () => daysAfterNoon(days) } });

      expect(await late(asConfirmed(aPaymentCompletedEvent()))).toMatchObject({ outcome });

      expect(db).toHaveReceivedCommandTimes(TransactWriteCommand, writes);
    },
  );

  it('does not report a failed write as a counted sale', async () => {
    db.on(TransactWriteCommand).rejects(new Error('no table'));

    await expect(update(aPaymentCompletedEvent())).rejects.toThrow('no table');
  });
});
