import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addLoyaltyPoints } from '../../../../functions/add-loyalty-points/handler.ts';
import { getPoints } from '../../../../functions/get-points/handler.ts';
import { createDomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { parsePointsRate, pointsFor } from '../../../../shared/domain/points/points-rate.ts';
import {
  createPointsRepository,
  type PointsEntry,
} from '../../../../shared/persistence/points-repository.ts';
import { noon } from '../../../support/builders/builders.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  markerExistsError,
  noonClock,
} from '../../../support/builders/consumer-events.ts';

const amounts = fc.maxSafeNat();
const millionths = fc.integer({ min: 0, max: 100_000_000 });
const rates = millionths.map((number) => parsePointsRate((number / 1_000_000).toFixed(6)));

describe('points of a payment', () => {
  it('are whole, not negative, and at most the amount paid', () => {
    fc.assert(
      fc.property(amounts, rates, (paid, rate) => {
        const points = pointsFor(paid, rate);

        expect(Number.isSafeInteger(points)).toBe(true);
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(paid);
      }),
    );
  });

  it('never decrease when the amount increases', () => {
    fc.assert(
      fc.property(amounts, amounts, rates, (one, other, rate) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];

        expect(pointsFor(less, rate)).toBeLessThanOrEqual(pointsFor(more, rate));
      }),
    );
  });

  it('are rounded down to a whole number', () => {
    fc.assert(
      fc.property(amounts, rates, (paid, rate) => {
        const points = BigInt(pointsFor(paid, rate));
        const exact = BigInt(paid) * rate.numerator;

        expect(points * rate.denominator <= exact).toBe(true);
        expect((points + 1n) * rate.denominator > exact).toBe(true);
      }),
    );
  });

  it.each([
    ['1', 2_500, 25],
    ['1', 99, 0],
    ['1', 199, 1],
    ['0.25', 10_000, 25],
    ['2.5', 1_000, 25],
    // In floating point 0.29 x 100 is 28.999999999999996.
    ['29', 100, 29],
    ['0', 10_000, 0],
    ['100', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('computes at %s % of %i points of %i', (percent, paid, points) => {
    expect(pointsFor(paid, parsePointsRate(percent))).toBe(points);
  });

  it.each(['', '-1', '101', '100.1', 'one', '1e1', '1.', '.5', '1.2345678', ' 1'])(
    'rejects the rate "%s"',
    (percent) => expect(() => parsePointsRate(percent)).toThrow(`The points rate is "${percent}"`),
  );
});

const db = mockClient(DynamoDBDocumentClient);
const points = createPointsRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'LoyaltyPoints',
);

beforeEach(() => db.reset());

const anEntry = (given: Partial<PointsEntry>): PointsEntry => ({
  userId: 'alice',
  entry: 'PAYMENT#pay_1',
  paymentId: 'pay_1',
  paymentVersion: 3,
  points: 25,
  version: 1,
  at: noon.toISOString(),
  history: [{ at: noon.toISOString(), paymentVersion: 3, points: 25 }],
  ...given,
});

describe('add loyalty points', () => {
  const add = addLoyaltyPoints({ points, rate: parsePointsRate('1'), clock: noonClock });

  it('writes the entry of the payment and the total in one transaction', async () => {
    db.on(TransactWriteCommand).resolves({});
    const event = createDomainEvent(
      'PaymentCompleted',
      { subject: 'pay_1', version: 3, at: noon.toISOString() },
      aPaymentCompletedEvent({ paymentId: 'pay_1', userId: 'alice', amount: 2_599 }).data,
    );

    expect(await add(event)).toEqual({ outcome: 'added', points: 25 });

    expect(db).toHaveReceivedCommandTimes(TransactWriteCommand, 1);
    expect(db.call(0).args[0].input).toEqual({
      ClientRequestToken: expect.any(String),
      TransactItems: [
        {
          Put: {
            TableName: 'LoyaltyPoints',
            Item: {
              userId: 'alice',
              entry: 'PAYMENT#pay_1',
              paymentId: 'pay_1',
              paymentVersion: 3,
              points: 25,
              version: 1,
              at: '2026-03-14T12:00:00.000Z',
              history: [{ at: '2026-03-14T12:00:00.000Z', paymentVersion: 3, points: 25 }],
            },
            ConditionExpression: 'attribute_not_exists(#userId)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ExpressionAttributeNames: { '#userId': 'userId' },
          },
        },
        {
          Update: {
            TableName: 'LoyaltyPoints',
            Key: { userId: 'alice', entry: 'TOTAL' },
            UpdateExpression: 'ADD #points :v0',
            ExpressionAttributeNames: { '#points': 'points' },
            ExpressionAttributeValues: { ':v0': 25 },
          },
        },
      ],
    });
  });

  it('adds the points once for any number of deliveries', async () => {
    db.on(TransactWriteCommand).rejects(markerExistsError(anEntry({ paymentVersion: 3 })));

    expect(await add(aPaymentCompletedEvent())).toMatchObject({ outcome: 'duplicate' });
    expect(db).toHaveReceivedCommandTimes(TransactWriteCommand, 1);
  });

  it('lowers the entry and the total together after a refund', async () => {
    const entry = anEntry({ points: 25, paymentVersion: 3, version: 1 });
    db.on(TransactWriteCommand).rejectsOnce(markerExistsError(entry)).resolves({});

    expect(
      await add(aRefundCompletedEvent({ remainingAmount: 1_599, paymentVersion: 5 })),
    ).toMatchObject({
      outcome: 'corrected',
      points: 15,
    });

    expect(db.commandCalls(TransactWriteCommand)[1]?.args[0].input).toEqual({
      ClientRequestToken: expect.any(String),
      TransactItems: [
        {
          Update: {
            TableName: 'LoyaltyPoints',
            Key: { userId: 'alice', entry: 'PAYMENT#pay_1' },
            UpdateExpression:
              'SET #at = :v0, #paymentVersion = :v1, #points = :v2, #version = :v3, #history = list_append(#history, :v4)',
            ConditionExpression: '#version = :v5',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ExpressionAttributeNames: {
              '#paymentVersion': 'paymentVersion',
              '#points': 'points',
              '#at': 'at',
              '#version': 'version',
              '#history': 'history',
            },
            ExpressionAttributeValues: {
              ':v0': '2026-03-14T12:00:00.000Z',
              ':v1': 5,
              ':v2': 15,
              ':v3': 2,
              ':v4': [{ at: '2026-03-14T12:00:00.000Z', paymentVersion: 5, points: 15 }],
              ':v5': 1,
            },
          },
        },
        {
          Update: {
            TableName: 'LoyaltyPoints',
            Key: { userId: 'alice', entry: 'TOTAL' },
            UpdateExpression: 'ADD #points :v0',
            ExpressionAttributeNames: { '#points': 'points' },
            ExpressionAttributeValues: { ':v0': -10 },
          },
        },
      ],
    });
  });

  it('fails for a redelivery when the entry keeps changing', async () => {
    db.on(TransactWriteCommand).rejects(markerExistsError(anEntry({ paymentVersion: 4 })));

    await expect(add(aRefundCompletedEvent({ paymentVersion: 5 }))).rejects.toThrow(
      'version conflict on each of 4 attempts',
    );
  });

  it('does not report a failed write as added points', async () => {
    db.on(TransactWriteCommand).rejects(new Error('no table'));

    await expect(add(aPaymentCompletedEvent())).rejects.toThrow('no table');
  });
});

describe('GET /me/points', () => {
  const answer = getPoints({ points });

  it("returns the buyer's own total", async () => {
    db.on(GetCommand, {
      TableName: 'LoyaltyPoints',
      Key: { userId: 'alice', entry: 'TOTAL' },
      ConsistentRead: true,
    }).resolves({ Item: { userId: 'alice', entry: 'TOTAL', points: 75 } });

    expect(await answer('alice')).toEqual({ status: 200, body: { points: 75 } });
  });

  it('returns 0 to a buyer without points', async () => {
    db.on(GetCommand).resolves({});

    expect(await answer('bob')).toEqual({ status: 200, body: { points: 0 } });
  });
});
