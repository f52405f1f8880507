import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { reconcileStack } from '../../dev/ops/reconcile-stack.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { db, stack } from '../support/stack/aws-clients.ts';
import { aPaymentOfTwoUnits } from '../support/stack/cancellation-fixtures.ts';
import { compensationStatuses } from '../support/stack/compensation-executions.ts';
import { pg } from '../support/stack/external-systems.ts';
import { compensationRecordsOf, refunds, storedPayment } from '../support/stack/repositories.ts';
import { anOrder, orderOf, stock, wallets } from '../support/stack/stack-fixtures.ts';

/** Deletes the product as the catalogue service does. */
const deleteProduct = (sku: string) =>
  db.send(new DeleteCommand({ TableName: stack.tables.products, Key: { sku } }));

/** A payment of two units at 2,000 each whose product is deleted before it ends. */
const deleteProductDuringPayment = async (paymentMethod: string) => {
  const payment = await aPaymentOfTwoUnits(paymentMethod);
  await deleteProduct(payment.sku);

  return payment;
};

const expectNoReview = async (paymentId: string) => {
  const { body } = await api.asOperator({ method: 'GET', path: '/operator/reviews' });
  expect(body.items).not.toContainEqual(expect.objectContaining({ paymentId }));
};

const expectExplained = (sku: string) =>
  eventually(async () => {
    const { explained, discrepancies } = await reconcileStack(stack);

    expect(discrepancies).toEqual([]);
    expect(explained.filter(({ id }) => id === sku)).not.toEqual([]);
  });

describe.concurrent('a product deleted from the catalogue', () => {
  it('during the charge lets the payment complete and records the skipped units', async () => {
    const payment = await deleteProductDuringPayment('sim_approve_slow');

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });

    const { skipped } = await storedPayment(payment.paymentId);
    expect(skipped).toEqual([
      { target: `STOCK#${payment.sku}`, delta: 2, outcome: 'target-missing' },
    ]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ held: 0, spent: 1_000 });
    expect(await orderOf(payment.orderId)).toMatchObject({ status: 'COMPLETED' });
    await expectNoReview(payment.paymentId);
  });

  it('before the compensation lets the payment end COMPENSATED without a review', async () => {
    const payment = await deleteProductDuringPayment('sim_timeout_before_effect');

    expect(await api.settled(payment)).toMatchObject({ status: 'FAILED', stage: 'COMPENSATED' });

    // One transaction cannot restore it, so the workflow does.
    expect(await compensationStatuses(payment.paymentId)).toHaveLength(1);
    expect(await compensationRecordsOf(payment.paymentId)).toMatchObject({
      [`STOCK#${payment.sku}`]: { delta: 0, outcome: 'target-missing' },
      [`BALANCE#${payment.buyer}`]: { delta: 1_000, outcome: 'restored' },
    });
    expect(await wallets.of(payment.buyer)).toMatchObject({ held: 0, spent: 0 });
    await expectNoReview(payment.paymentId);
  });

  it('before a restock lets the refund succeed once and records the skipped unit', async () => {
    const { sku, ...payment } = await aPaymentOfTwoUnits('sim_approve');
    await api.settled(payment);
    await deleteProduct(sku);

    const refund = await api.refunded(payment, { lines: [{ sku, quantity: 1, restock: true }] });
    const more = await api.refund(payment, { amount: 2_001 });

    expect(refund).toMatchObject({
      status: 'SUCCEEDED',
      amount: 2_000,
      lines: [{ sku, quantity: 1, restock: true, restocked: false }],
    });
    expect(more).toMatchObject({ status: 409, body: { code: 'refund-exceeds-captured' } });
    expect((await refunds.getOrThrow(`${refund.refundId}`)).skipped).toMatchObject([
      { target: `STOCK#${sku}`, outcome: 'target-missing' },
    ]);
    expect((await pg.chargesOf(payment.paymentId)).refunds).toMatchObject([{ amount: 2_000 }]);
    expect(await wallets.of(payment.buyer)).toMatchObject({ spent: 1_000 });
    await expectExplained(sku);
  });
});

describe.concurrent.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a product named %s',
  (sku) => {
    it('is sold and restocked by lines', async () => {
      const counts = { available: 1_000, reserved: 0, sold: 0, received: 1_000 };
      const product = { sku, name: 'Tea', unitPrice: 1_000, currency: 'KRW', ...counts };
      await db
        .send(
          new PutCommand({
            TableName: stack.tables.products,
            Item: product,
            ConditionExpression: 'attribute_not_exists(sku)',
          }),
        )
        .catch(() => {});
      const before = await stock.of(sku);
      const payment = await api.accepted(await anOrder({ lines: [{ sku, quantity: 2 }] }));
      await api.settled(payment);

      const lines = [{ sku, quantity: 1, restock: true }];
      expect(await api.refunded(payment, { lines })).toMatchObject({ status: 'SUCCEEDED', lines });

      expect(await api.payment(payment)).toMatchObject({ status: 200, body: { refunded: 1_000 } });
      expect(await stock.of(sku)).toMatchObject({ sold: before.sold + 1 });
      for (const path of ['/operator/ledger', '/operator/dead-letters']) {
        expect(await api.asOperator({ method: 'GET', path })).toMatchObject({ status: 200 });
      }
    });
  },
);
