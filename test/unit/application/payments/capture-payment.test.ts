import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCapturePayment } from '../../../../shared/application/payments/capture-payment.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const db = createDatabase(dynamo as unknown as DynamoDBDocumentClient);
const capture = createCapturePayment(createMemoryRepositories(db));

const step = { at: noon, by: 'test' };
const claimed = transitionPayment(aPayment(), 'claimed', { ...step, change: { attempt: 1 } });
const completed = transitionPayment(claimed, 'captured', step);

beforeEach(() => dynamo.reset());

describe('capture payment', () => {
  it('writes payment, order, balance and stock in one transaction', async () => {
    dynamo.on(TransactWriteCommand).resolves({});

    expect(await capture(claimed, completed)).toBe('written');

    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems).toMatchObject([
      {
        Update: {
          TableName: 'Payments',
          // A concurrent cancellation request must not be lost: it fails this condition.
          ConditionExpression:
            '#version = :v3 AND #status = :v4 AND attribute_not_exists(#cancelRequestedAt)',
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
          ConditionExpression:
            '#held >= :v2 AND (attribute_not_exists(#spent) OR attribute_type(#spent, :v3)) AND #currency = :v4',
          ExpressionAttributeValues: { ':v0': -2_000, ':v1': 2_000, ':v2': 2_000 },
        },
      },
      {
        Update: {
          TableName: 'Products',
          UpdateExpression: 'ADD #reserved :v0, #sold :v1',
          ConditionExpression:
            '#reserved >= :v2 AND (attribute_not_exists(#sold) OR attribute_type(#sold, :v3))',
        },
      },
    ]);
  });

  it.each([
    ['the coupon covers the order', aPayment({ order: anOrder({ discount: 5_000 }) })],
    ['the gateway charges all of it', aPayment({ balanceAmount: 0 })],
  ])('writes no balance if %s', async (_case, reserved) => {
    const charging = transitionPayment(reserved, 'claimed', step);
    dynamo.on(TransactWriteCommand).resolves({});

    await capture(charging, transitionPayment(charging, 'captured', step));

    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems).toHaveLength(3);
  });

  it('returns version-conflict if another write was first', async () => {
    dynamo
      .on(TransactWriteCommand)
      .rejects(
        cancelledTransaction('ConditionalCheckFailed', 'ConditionalCheckFailed', 'None', 'None'),
      );

    expect(await capture(claimed, completed)).toBe('version-conflict');
  });

  it("returns ledger-mismatch if the order is not the payment's", async () => {
    const { orderId } = claimed;
    const reason = { code: 'ConditionalCheckFailed', item: { orderId } };
    dynamo.on(TransactWriteCommand).rejects(cancelledTransaction('None', reason, 'None', 'None'));

    expect(await capture(claimed, completed)).toBe('ledger-mismatch');
  });
});
