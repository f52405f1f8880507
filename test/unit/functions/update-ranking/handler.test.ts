import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { updateRanking } from '../../../../functions/update-ranking/handler.ts';
import { createRankingRepository } from '../../../../shared/persistence/ranking-repository.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  markerExistsError,
  noonClock,
} from '../../../support/builders/consumer-events.ts';

const db = mockClient(DynamoDBDocumentClient);
const rankings = createRankingRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Rankings',
);
const update = updateRanking({ rankings, clock: noonClock });

beforeEach(() => {
  db.reset();
  db.on(TransactWriteCommand).resolves({});
});

const added = (day: string, sku: string, units: number) => ({
  Update: {
    TableName: 'Rankings',
    Key: { day, entry: `SKU#${sku}` },
    UpdateExpression: 'SET #sku = :v0 ADD #units :v1',
    ExpressionAttributeNames: { '#sku': 'sku', '#units': 'units' },
    ExpressionAttributeValues: { ':v0': sku, ':v1': units },
  },
});

it("counts a sale on the shop's day", async () => {
  const evening = { now: () => new Date('2026-03-14T22:05:00Z') };
  const seoul = updateRanking({ rankings, clock: evening, timeZone: 'Asia/Seoul' });

  expect(
    await seoul(aPaymentCompletedEvent({ completedAt: evening.now().toISOString() })),
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
              day: '2026-03-14',
              entry: `EVENT#${event.id}`,
              countedAt: '2026-03-14T12:00:00.000Z',
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
      .map(({ args: [{ input }] }) => input.TransactItems?.[0]?.Put?.Item?.day);
    expect(days).toEqual(['2026-03-14', '2026-03-15']);
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
          Item: expect.objectContaining({ day: '2026-03-14', entry: `EVENT#${event.id}` }),
        }),
      },
      added('2026-03-14', 'tea', -2),
    ]);
  });

  it('counts an event once for any number of deliveries', async () => {
    db.on(TransactWriteCommand).rejects(markerExistsError());

    expect(await update(aPaymentCompletedEvent())).toMatchObject({ outcome: 'duplicate' });
  });

  it('does not report a failed write as a counted sale', async () => {
    db.on(TransactWriteCommand).rejects(new Error('no table'));

    await expect(update(aPaymentCompletedEvent())).rejects.toThrow('no table');
  });
});
