import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { transports } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import {
  aDeclinedPayment,
  anUnknownPayment,
  chargeDirectly,
} from '../support/stack/forced-states.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  anOrder,
  balancePart,
  orderOf,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';
import { waitForReversal, waitForStatus } from '../support/stack/wait-for-status.ts';

const body = { reason: 'The gateway may have news.' };

const pathOf = (paymentId: string) => `/operator/payments/${paymentId}/inquire`;

describe.concurrent.each(transports)('over %s, an operator', (_name, via) => {
  const inquire = (paymentId: string) =>
    via.asOperator({ method: 'POST', path: pathOf(paymentId), body });

  it('resolves an unknown outcome an hour before the next scheduled inquiry', async () => {
    const order = await anOrder({ via });
    const { paymentId, ...unknown } = await anUnknownPayment(order);
    await chargeDirectly({ paymentId, ...unknown });

    expect(await inquire(paymentId)).toMatchObject({
      status: 202,
      body: { paymentId, status: 'CONFIRMING', inquiryRequested: true },
    });

    await waitForStatus(paymentId, 'COMPLETED');
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: 0, spent: balancePart });
  });

  it('finds a late capture, which is refunded once', async () => {
    const order = await anOrder({ via });
    const declined = await aDeclinedPayment(order);
    const { paymentId } = declined;
    await chargeDirectly(declined);

    expect(await inquire(paymentId)).toMatchObject({
      status: 202,
      body: { inquiryRequested: true },
    });

    await waitForReversal(paymentId);
    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { charges: 1, refunds: 1 },
      refunds: [{ amount: order.total - balancePart }],
    });
    expect(await wallets.of(order.buyer)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });

  it('compares a final payment and changes nothing if the gateway agrees', async () => {
    const payment = await via.accepted(await anOrder({ via }));
    await via.settled(payment);

    expect(await inquire(payment.paymentId)).toMatchObject({
      status: 202,
      body: { stage: 'COMPLETED', inquiryRequested: true },
    });

    await eventually(async () =>
      expect(await storedPayment(payment.paymentId)).toHaveProperty('lastInquiredAt'),
    );
    expect(await storedPayment(payment.paymentId)).toMatchObject({
      status: 'COMPLETED',
      version: 3,
    });
  });

  it('gets 404 for a missing payment', async () => {
    expect(await inquire(uniqueId('missing'))).toMatchObject({
      status: 404,
      body: { code: 'payment-not-found' },
    });
  });

  it('needs the operator scope', async () => {
    const path = pathOf(uniqueId('missing'));

    expect(await via.send({ method: 'POST', path, buyer: await aBuyer() })).toMatchObject({
      status: 403,
    });
  });
});
