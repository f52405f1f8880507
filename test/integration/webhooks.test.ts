import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { WebhookBody } from '../../shared/gateway/simulator/protocol.ts';
import { eventually } from '../support/eventually.ts';
import { type Api, transports } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { pg } from '../support/stack/external-systems.ts';
import {
  aDeclinedPayment,
  anUnknownPayment,
  chargeDirectly,
} from '../support/stack/forced-states.ts';
import { storedPayment } from '../support/stack/repositories.ts';
import {
  anOrder,
  balancePart,
  orderOf,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';
import { waitForReversal, waitForStatus } from '../support/stack/wait-for-status.ts';
import {
  registerWebhookKey,
  secretsManager,
  sendWebhook,
  webhookKey,
} from '../support/stack/webhooks.ts';

const received = { status: 200, body: { received: true } };
const bothOrders = [
  ['charge.done', 'charge.aborted'],
  ['charge.aborted', 'charge.done'],
] as const;

/** A payment in UNKNOWN, next inquiry in an hour, with this outcome at the gateway. */
const anUnknownPaymentVia = async (via: Api, paymentMethod = 'sim_approve'): Promise<Payment> => {
  const unknown = await anUnknownPayment(await anOrder({ via }));
  await chargeDirectly({ ...unknown, paymentMethod });

  return unknown;
};

/** Waits until a webhook sent now has taken effect, so that earlier ones have as well. */
const expectLaterWebhookProcessed = async (via: Api): Promise<void> => {
  const { paymentId } = await anUnknownPaymentVia(via);
  expect(await sendWebhook(via, 'charge.done', paymentId)).toMatchObject(received);
  await waitForStatus(paymentId, 'COMPLETED');
};

describe.concurrent.each(transports)('gateway webhooks over %s', (_name, via) => {
  const sendBoth = async (paymentId: string, types: readonly WebhookBody['type'][]) => {
    for (const type of types)
      expect(await sendWebhook(via, type, paymentId)).toMatchObject(received);
  };

  it.each(bothOrders)(
    'ends in the state at the gateway after %s and %s of a captured charge',
    async (...types) => {
      const { paymentId, userId } = await anUnknownPaymentVia(via);

      await sendBoth(paymentId, types);

      await waitForStatus(paymentId, 'COMPLETED');
      expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
      expect(await wallets.of(userId)).toMatchObject({ held: 0, spent: balancePart });
    },
  );

  it.each(bothOrders)(
    '%s and %s of a declined charge lead to the state at the gateway',
    async (...types) => {
      const { paymentId, userId } = await anUnknownPaymentVia(via, 'sim_decline');

      await sendBoth(paymentId, types);

      const { failure } = await waitForStatus(paymentId, 'COMPENSATED');
      expect(failure).toMatchObject({ code: 'insufficient-funds' });
      expect(await wallets.of(userId)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
    },
  );

  it('refunds a reported late capture once and keeps the order cancelled', async () => {
    const declined = await aDeclinedPayment(await anOrder({ via }));
    const { paymentId, orderId, userId, gatewayAmount } = declined;
    await chargeDirectly(declined);

    expect(await sendWebhook(via, 'charge.done', paymentId)).toMatchObject(received);

    await waitForReversal(paymentId);
    expect(await pg.chargesOf(paymentId)).toMatchObject({
      counts: { charges: 1, refunds: 1 },
      refunds: [{ amount: gatewayAmount }],
    });
    expect(await wallets.of(userId)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
    expect(await orderOf(orderId)).toMatchObject({ status: 'CANCELLED' });
  });

  it('ignores a redelivered webhook', async () => {
    // The in-flight window of the charge lasts longer than this test.
    const inAnHour = new Date(Date.now() + 3_600_000);
    const unknown = await anUnknownPayment(await anOrder({ via }), inAnHour);
    const { paymentId } = unknown;
    const id = uniqueId('evt');
    expect(await sendWebhook(via, 'charge.done', paymentId, { id })).toMatchObject(received);
    const inquired = await eventually(async () => {
      const payment = await storedPayment(paymentId);
      // An inconclusive inquiry changes no version.
      expect(payment).toMatchObject({
        version: unknown.version,
        lastInquiredAt: expect.any(String),
      });

      return payment;
    });
    await chargeDirectly(unknown);

    expect(await sendWebhook(via, 'charge.done', paymentId, { id })).toMatchObject(received);
    await expectLaterWebhookProcessed(via);

    expect(await storedPayment(paymentId)).toEqual(inquired);
    await sendBoth(paymentId, ['charge.done']);
    await waitForStatus(paymentId, 'COMPLETED');
  });

  it('rejects an invalid signature without an inquiry', async () => {
    const unknown = await anUnknownPaymentVia(via);
    const { paymentId } = unknown;
    const secondsOff = (seconds: number) => ({ at: new Date(Date.now() + seconds * 1_000) });
    const refused = [
      { key: randomBytes(24).toString('base64') },
      { altered: JSON.stringify({ type: 'charge.done', data: { reference: paymentId, a: 1 } }) },
      secondsOff(-301),
      // Still too far in the future when it arrives.
      secondsOff(600),
      { headers: { 'webhook-id': undefined } },
      { headers: { 'webhook-id': 'evt_another' } },
      { headers: { 'webhook-timestamp': undefined } },
      { headers: { 'webhook-signature': undefined } },
    ];

    for (const webhook of refused) {
      expect(await sendWebhook(via, 'charge.done', paymentId, webhook)).toMatchObject({
        status: 401,
        body: { code: 'unauthorized' },
      });
    }
    await expectLaterWebhookProcessed(via);

    expect(await storedPayment(paymentId)).toEqual(unknown);
    await sendBoth(paymentId, ['charge.done']);
    await waitForStatus(paymentId, 'COMPLETED');
  });

  it('returns 200 for an unknown payment', async () => {
    expect(await sendWebhook(via, 'charge.done', uniqueId('pay'))).toMatchObject(received);
  });
});

describe('the webhook secret', () => {
  it('rotates without a restart: the new key is accepted immediately, the old one still', async () => {
    const [, via] = transports[0] ?? [];
    if (via === undefined) throw new Error('There is no way to the API.');
    const former = await webhookKey();
    const next = randomBytes(24).toString('base64');
    await sendWebhook(via, 'charge.done', uniqueId('pay'));

    await secretsManager.send(
      new PutSecretValueCommand({ SecretId: stack.pgWebhookSecretArn, SecretString: next }),
    );

    try {
      // A function that has just read the secret reads it again a second later.
      await eventually(async () =>
        expect(await sendWebhook(via, 'charge.done', uniqueId('pay'), { key: next })).toMatchObject(
          received,
        ),
      );
      expect(await sendWebhook(via, 'charge.done', uniqueId('pay'), { key: former })).toMatchObject(
        received,
      );
    } finally {
      await registerWebhookKey();
    }
  });
});
