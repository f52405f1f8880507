import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { api } from '../../support/stack/api-client.ts';
import { stack } from '../../support/stack/aws-clients.ts';
import { pg } from '../../support/stack/external-systems.ts';
import { expireClaim } from '../../support/stack/forced-states.ts';
import { withoutPermission } from '../../support/stack/permissions.ts';
import {
  consumerQueue,
  expectNoMessage,
  takeMessage,
  waitForMessage,
} from '../../support/stack/queues.ts';
import { paymentsOf, storedPayment } from '../../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../../support/stack/stack-fixtures.ts';
import { isDirectOnly } from '../../support/stack/transports.ts';

/** Registered only if the stack enforces IAM. */
const describeRoles = (name: string, tests: () => void) => {
  if (!isDirectOnly) describe(name, tests);
};

describeRoles('a role that lacks one action', () => {
  it('stores nothing without a permission of accept, then pays once with the same key', async () => {
    const order = await anOrder();
    const key = randomUUID();
    const privilege = { action: 'dynamodb:UpdateItem', table: stack.tables.balances };

    const reply = await withoutPermission('accept-payment', privilege, () =>
      api.pay(order, { key, balanceAmount: balancePart }),
    );

    expect(reply).toMatchObject({ status: 500, body: { code: 'internal-error' } });
    expect(JSON.stringify(reply.body)).not.toContain('AccessDenied');
    expect(await paymentsOf(order.buyer)).toHaveLength(0);
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: 0 });
    const payment = await api.accepted(order, { key, balanceAmount: balancePart });
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
  });

  it('charges nothing without a permission of the charger and catches up by redrive', async () => {
    const order = await anOrder();
    const key = randomUUID();
    const paymentId = derivePaymentId(order.buyer, key);
    const { url, deadLettersUrl } = consumerQueue('charge-payment');
    const privilege = { action: 'dynamodb:UpdateItem', table: stack.tables.payments };

    await withoutPermission('charge-payment', privilege, async () => {
      await api.accepted(order, { key, balanceAmount: balancePart });
      await waitForMessage(deadLettersUrl, paymentId);
    });

    expect(await storedPayment(paymentId)).toMatchObject({ status: 'RESERVED' });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 0 } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: balancePart, spent: 0 });
    await takeMessage(deadLettersUrl, paymentId, url);
    expect(await api.settled({ ...order, paymentId })).toMatchObject({ status: 'COMPLETED' });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
  });

  it('books the capture once by inquiry when the charger lacks a permission', async () => {
    const order = await anOrder();
    const key = randomUUID();
    const paymentId = derivePaymentId(order.buyer, key);
    const { deadLettersUrl } = consumerQueue('charge-payment');
    const privilege = { action: 'dynamodb:UpdateItem', table: stack.tables.balances };

    await withoutPermission('charge-payment', privilege, async () => {
      await api.accepted(order, { key, balanceAmount: balancePart });
      await eventually(async () =>
        expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { charges: 1 } }),
      );
      await expireClaim(paymentId);
      await eventually(async () => {
        const { history } = await storedPayment(paymentId);
        expect(history).toContainEqual(expect.objectContaining({ to: 'UNKNOWN' }));
      });
    });

    expect(await api.settled({ ...order, paymentId })).toMatchObject({ status: 'COMPLETED' });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
    await expectNoMessage(deadLettersUrl, paymentId);
  });
});
