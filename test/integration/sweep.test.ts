import { InvokeCommand } from '@aws-sdk/client-lambda';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payment.ts';
import { timings } from '../../shared/domain/timings.ts';
import { advance } from '../../shared/domain/transitions.ts';
import { db, lambda, stack } from '../support/aws.ts';
import { aClaimedPayment } from '../support/by-hand.ts';
import { eventually } from '../support/eventually.ts';
import { pg } from '../support/outside.ts';
import { payments, storedPayment } from '../support/stores.ts';
import { anOrder, books, orderOf } from '../support/world.ts';

const aWhileAgo = () => new Date(Date.now() - timings.local.overdueAfterMs - 1_000).toISOString();

/** The time by which the payment should have moved was a while ago. */
const makeOverdue = ({ paymentId }: Payment) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.payments,
      Key: { paymentId },
      UpdateExpression: 'SET dueAt = :dueAt',
      ExpressionAttributeValues: { ':dueAt': aWhileAgo() },
    }),
  );

/** One sweep, now. The schedule's own may come first or beside it, which is as good. */
const sweep = async () => {
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: stack.functions['sweep-payments'],
      Payload: JSON.stringify({ tick: new Date().toISOString() }),
    }),
  );
  expect(answer.FunctionError, answer.Payload?.transformToString()).toBeUndefined();
};

/** One sweep does a bounded part of what is overdue: as on a schedule, they follow each other until this payment had its turn. */
const sweepUntil = (paymentId: string, status: Payment['status']) =>
  eventually(
    async () => {
      await sweep();
      const payment = await storedPayment(paymentId);
      expect(payment).toMatchObject({ status });

      return payment;
    },
    { everyMs: 1_000 },
  );

describe.concurrent('the sweeper', () => {
  it('tells again of a payment whose charge nobody was told to send, and it is charged once', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date());
    const { paymentId } = claimed;
    const unsent = advance(claimed, 'unsent', {
      at: new Date(),
      by: 'charge-payment',
      change: { dueAt: aWhileAgo() },
    });
    expect(await payments.moved(claimed, unsent)).toBe(true);

    await Promise.all([sweep(), sweep()]);

    await sweepUntil(paymentId, 'COMPLETED');
    expect(await pg.of(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await books.of(order.buyer)).toMatchObject({ held: 0, spent: order.total });
  });

  it('inquires about a payment whose charger died, and whose message is gone', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, new Date(Date.now() - 1_000));

    await makeOverdue(claimed);

    const stored = await sweepUntil(claimed.paymentId, 'COMPENSATED');
    expect(stored.history.map(({ to }) => to)).toContain('UNKNOWN');
    expect(await books.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});
