import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { balancesIn } from '../../../shared/data/balances.ts';
import { ordersIn } from '../../../shared/data/orders.ts';
import { paymentsIn } from '../../../shared/data/payments.ts';
import { productsIn } from '../../../shared/data/products.ts';
import { settleIn } from '../../../shared/data/settle.ts';
import { advance } from '../../../shared/domain/transitions.ts';
import { anOrder, aPayment, noon } from '../../support/builders.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const db = dynamo as unknown as DynamoDBDocumentClient;
const settle = settleIn({
  db,
  orders: ordersIn(db, 'Orders'),
  payments: paymentsIn(db, 'Payments'),
  balances: balancesIn(db, 'Balances'),
  products: productsIn(db, 'Products'),
});

const step = { at: noon, by: 'test' };
const claimed = advance(aPayment(), 'claimed', { ...step, change: { attempt: 1 } });
const completed = advance(claimed, 'captured', step);

const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

beforeEach(() => dynamo.reset());

describe('settling a capture', () => {
  it('moves payment, order, balance and stock in one transaction', async () => {
    dynamo.on(TransactWriteCommand).resolves({});

    expect(await settle(claimed, completed)).toBe('settled');

    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems).toMatchObject([
      {
        Update: {
          TableName: 'Payments',
          ConditionExpression: '#version = :v3 AND #status = :v4',
          ExpressionAttributeValues: { ':v0': 'COMPLETED', ':v3': 2, ':v4': 'CHARGING' },
        },
      },
      {
        Update: {
          TableName: 'Orders',
          ConditionExpression: '#status = :v3 AND #activePaymentId = :v4',
          ExpressionAttributeValues: { ':v3': 'PAYING', ':v4': claimed.paymentId },
        },
      },
      {
        Update: {
          TableName: 'Balances',
          UpdateExpression: 'ADD #held :v0, #spent :v1',
          ConditionExpression: '#held >= :v2 AND #currency = :v3',
          ExpressionAttributeValues: { ':v0': -5_000, ':v1': 5_000, ':v2': 5_000 },
        },
      },
      {
        Update: {
          TableName: 'Products',
          UpdateExpression: 'ADD #reserved :v0, #sold :v1',
          ConditionExpression: '#reserved >= :v2',
        },
      },
    ]);
  });

  it('touches no balance where nothing was held', async () => {
    const free = aPayment({ order: anOrder({ discount: 5_000 }) });
    const charging = advance(free, 'claimed', step);
    dynamo.on(TransactWriteCommand).resolves({});

    await settle(charging, advance(charging, 'captured', step));

    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems).toHaveLength(3);
  });

  it('says when another write moved the payment first', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejects(cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed', 'None', 'None'));

    expect(await settle(claimed, completed)).toBe('superseded');
  });

  it.each([
    ['order', 1],
    ['balance', 2],
    ['stock', 3],
  ])('says when the %s does not hold what the payment reserved', async (_book, failing) => {
    const codes = [0, 1, 2, 3].map((step) =>
      step === failing ? 'ConditionalCheckFailed' : 'None',
    );
    dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));

    expect(await settle(claimed, completed)).toBe('books-disagree');
  });
});
