import { InvokeCommand } from '@aws-sdk/client-lambda';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { eventually } from '../eventually.ts';
import { db, lambda, stack } from './aws-clients.ts';
import { storedPayment } from './repositories.ts';

/** A due time that the sweeper's grace period has passed. */
export const overdueTime = () =>
  new Date(Date.now() - timings.local.sweepGraceMs - 1_000).toISOString();

/** Makes a payment or a refund overdue. */
export const makeOverdue = (one: Pick<Payment, 'paymentId'> | Pick<Refund, 'refundId'>) =>
  db.send(
    new UpdateCommand({
      ...('refundId' in one
        ? { TableName: stack.tables.refunds, Key: { refundId: one.refundId } }
        : { TableName: stack.tables.payments, Key: { paymentId: one.paymentId } }),
      UpdateExpression: 'SET dueAt = :dueAt',
      ConditionExpression: 'attribute_exists(dueAt)',
      ExpressionAttributeValues: { ':dueAt': overdueTime() },
    }),
  );

/** Runs the sweeper now. A scheduled run may happen concurrently. */
export const runSweeper = async () => {
  const response = await lambda.send(
    new InvokeCommand({
      FunctionName: stack.functions['sweep-payments'],
      Payload: JSON.stringify({ tick: new Date().toISOString() }),
    }),
  );
  expect(response.FunctionError, response.Payload?.transformToString()).toBeUndefined();
};

/** Runs the sweeper until the payment has the status: one run handles a bounded number of items. */
export const sweepUntilStatus = (paymentId: string, status: Payment['status']) =>
  eventually(
    async () => {
      await runSweeper();
      const payment = await storedPayment(paymentId);
      expect(payment).toMatchObject({ status });

      return payment;
    },
    { intervalMs: 1_000 },
  );
