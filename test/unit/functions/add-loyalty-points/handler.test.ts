import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
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
  noonClock,
} from '../../../support/builders/consumer-events.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

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

/** The condition is false: the stored entry. */
const entryExistsError = (entry: PointsEntry) =>
  new ConditionalCheckFailedException({
    message: 'there',
    Item: marshall(entry),
    $metadata: { attempts: 1 },
  });

describe('add loyalty points', () => {
  const add = addLoyaltyPoints({ points, rate: parsePointsRate('1'), clock: noonClock });

  it('writes the entry of the payment alone, if there is none', async () => {
    db.on(PutCommand).resolves({});
    const event = createDomainEvent(
      'PaymentCompleted',
      { subject: 'pay_1', version: 3, at: noon.toISOString() },
      aPaymentCompletedEvent({ paymentId: 'pay_1', userId: 'alice', amount: 2_599 }).data,
    );

    expect(await add(event)).toEqual({ outcome: 'added', points: 25 });

    expect(db.calls()).toHaveLength(1);
    expect(db).toHaveReceivedCommandExactlyOnceWith(PutCommand, {
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
    });
  });

  it('adds the points once for any number of deliveries', async () => {
    db.on(PutCommand).rejects(entryExistsError(anEntry({ paymentVersion: 3 })));

    expect(await add(aPaymentCompletedEvent())).toMatchObject({ outcome: 'duplicate' });
    expect(db.calls()).toHaveLength(1);
  });

  it('lowers the points after a refund, under the version of the entry', async () => {
    const entry = anEntry({ points: 25, paymentVersion: 3, version: 1 });
    db.on(PutCommand).rejects(entryExistsError(entry)).on(UpdateCommand).resolves({});

    expect(
      await add(aRefundCompletedEvent({ remainingAmount: 1_599, paymentVersion: 5 })),
    ).toMatchObject({ outcome: 'corrected', points: 15 });

    expect(db.calls()).toHaveLength(2);
    expect(db).toHaveReceivedCommandExactlyOnceWith(UpdateCommand, {
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
    });
  });

  it('fails for a redelivery when the entry keeps changing', async () => {
    const changed = entryExistsError(anEntry({ paymentVersion: 4 }));
    db.on(PutCommand).rejects(changed).on(UpdateCommand).rejects(changed);

    await expect(add(aRefundCompletedEvent({ paymentVersion: 5 }))).rejects.toThrow(
      'version conflict on each of 4 attempts',
    );
  });

  it('does not report a failed write as added points', async () => {
    db.on(PutCommand).rejects(new Error('no table'));

    await expect(add(aPaymentCompletedEvent())).rejects.toThrow('no table');
  });
});

describe('add loyalty points, when the answer to a write is lost', () => {
  it.each([
    ['the first', aPaymentCompletedEvent({ paymentId: 'pay_1', amount: 2_500 })],
    ['a correcting', aRefundCompletedEvent({ paymentId: 'pay_1', remainingAmount: 1_500 })],
  ])('applies %s write once, and a redelivery changes nothing', async (_, event) => {
    const tables = new MemoryDynamo({ LoyaltyPoints: ['userId', 'entry'] });
    const isRefund = 'refundId' in event.data;
    if (isRefund) tables.put('LoyaltyPoints', anEntry({ points: 25 }));
    let isAnswered = false;
    const lossy = {
      send: async (command: object) => {
        const answer = await tables.send(command);
        const isLost = isRefund ? command instanceof UpdateCommand : command instanceof PutCommand;
        if (!isLost || isAnswered) return answer;
        isAnswered = true;
        throw new Error('the socket closed');
      },
    };
    const repository = createPointsRepository(
      createDatabase(lossy as unknown as DynamoDBDocumentClient),
      'LoyaltyPoints',
    );
    const add = addLoyaltyPoints({
      points: repository,
      rate: parsePointsRate('1'),
      clock: noonClock,
    });

    await expect(add(event)).rejects.toThrow('the socket closed');
    expect(await add(event)).toMatchObject({ outcome: 'duplicate' });

    expect(await repository.getTotal('alice')).toBe(isRefund ? 15 : 25);
    expect(tables.items<PointsEntry>('LoyaltyPoints')).toMatchObject([
      { version: isRefund ? 2 : 1, history: { length: isRefund ? 2 : 1 } },
    ]);
  });
});

describe('GET /me/points', () => {
  const answerOf = async (...items: readonly object[]) => {
    const tables = new MemoryDynamo({ LoyaltyPoints: ['userId', 'entry'] });
    for (const item of items) tables.put('LoyaltyPoints', item);
    const stored = createPointsRepository(tables.client, 'LoyaltyPoints');

    return getPoints({ points: stored })('alice');
  };

  it("returns the sum of the buyer's own entries", async () => {
    expect(
      await answerOf(
        anEntry({ points: 25 }),
        anEntry({ entry: 'PAYMENT#pay_2', paymentId: 'pay_2', points: 50 }),
        anEntry({ userId: 'bob', points: 7 }),
      ),
    ).toEqual({ status: 200, body: { points: 75 } });
  });

  it('does not count the total that an earlier version stored', async () => {
    const total = { userId: 'alice', entry: 'TOTAL', points: 25 };

    expect(await answerOf(anEntry({ points: 25 }), total)).toMatchObject({ body: { points: 25 } });
  });

  it('returns 0 to a buyer without points', async () => {
    expect(await answerOf()).toEqual({ status: 200, body: { points: 0 } });
  });

  it('reads every page, with strong consistency', async () => {
    const next = { userId: 'alice', entry: 'PAYMENT#pay_1' };
    db.on(QueryCommand)
      .resolvesOnce({ Items: [{ points: 25 }], LastEvaluatedKey: next })
      .resolvesOnce({ Items: [{ points: 50 }] });

    expect(await getPoints({ points })('alice')).toEqual({ status: 200, body: { points: 75 } });
    expect(db.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
      { ConsistentRead: true, ExpressionAttributeValues: { ':value': 'alice' } },
      { ConsistentRead: true, ExclusiveStartKey: next },
    ]);
  });
});
