import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'vitest';
import { createAcceptPayment } from '../../../../shared/application/payments/accept-payment.ts';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { anOrder, noon } from '../../../support/builders/builders.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';

export const dynamo = mockClient(DynamoDBDocumentClient);
const db = createDatabase(dynamo as unknown as DynamoDBDocumentClient, {
  ...systemRuntime,
  sleep: async () => {},
});
export const accept = createAcceptPayment(createMemoryRepositories(db), {
  maxAttempts: 3,
});

export const times = { unclaimedTimeoutMs: 1_000, holdExpiryMs: 60_000 };

/** An order of 2,500 KRW. */
export const order = anOrder({
  lines: [
    { sku: 'tea', quantity: 2, unitPrice: 1_000 },
    { sku: 'cup', quantity: 1, unitPrice: 500 },
  ],
});
/** The order while another payment holds it. */
export const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_0' };
export const request = {
  paymentId: 'pay_1',
  order,
  balanceAmount: 1_000,
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
  traceparent,
};
const { order: _, ...withoutOrder } = request;
export const command = { ...withoutOrder, userId: order.userId, orderId: order.orderId };
export const earlier = new Date(noon.getTime() - 60_000);

/**
 * A cancelled transaction of payment, order, balance, tea and cup. The named writes fail with the given
 * stored items.
 */
export const failedConditions = (
  failed: Partial<Record<'payment' | 'order' | 'balance' | 'tea' | 'cup', object>>,
) =>
  cancelledTransaction(
    ...(['payment', 'order', 'balance', 'tea', 'cup'] as const).map((step) => {
      const item = failed[step];

      return item ? { code: 'ConditionalCheckFailed', item } : 'None';
    }),
  );

export const conflict = cancelledTransaction('TransactionConflict', 'None');

/** Stubs the item that a read returns. */
export const stubRead = (kind: 'Orders' | 'Payments', Item?: object) =>
  dynamo.on(GetCommand, { TableName: kind }).resolves({ Item });

export const rejectionOf = async (acceptance: Promise<unknown>): Promise<RejectionError> => {
  const error = await acceptance.then(
    () => new Error('accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RejectionError);

  return error as RejectionError;
};

export const writesOfCall = (call: number) =>
  dynamo.commandCalls(TransactWriteCommand).map((sent) => sent.args[0].input.TransactItems)[call];

/** The order exists, its payment does not, and every write succeeds. */
export const resetStubs = () => {
  dynamo.reset();
  dynamo.on(TransactWriteCommand).resolves({});
  stubRead('Orders', order);
  stubRead('Payments');
};
