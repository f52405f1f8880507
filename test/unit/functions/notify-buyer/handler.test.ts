import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifyBuyer } from '../../../../functions/notify-buyer/handler.ts';
import {
  type NotificationEventName,
  notifications,
} from '../../../../functions/notify-buyer/schemas.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import {
  createDomainEvent,
  type DomainEvent,
} from '../../../../shared/domain/events/domain-event.ts';
import { postWithDeadline } from '../../../../shared/lambda/http-delivery.ts';
import { noon } from '../../../support/builders/builders.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
} from '../../../support/builders/consumer-events.ts';
import { startHttpReceiver } from '../../../support/fakes/http-receiver.ts';
import { createMemoryDeliveries } from '../../../support/fakes/memory-deliveries.ts';

const key = randomBytes(32).toString('base64');
const of = { subject: 'pay_1', version: 4, at: noon.toISOString() };
const payment = { paymentId: 'pay_1', orderId: 'ord_1', userId: 'alice' };
const money = { amount: 2_500, currency: 'KRW' };

let buyer: Awaited<ReturnType<typeof startHttpReceiver>>;
let status: number;

beforeEach(async () => {
  status = 204;
  buyer = await startHttpReceiver((_, response) => response.writeHead(status).end());
});

afterEach(() => buyer.close());

const aNotifier = ({ secret = async () => key } = {}) =>
  notifyBuyer({
    deliveries: createMemoryDeliveries(),
    post: postWithDeadline(30_000, systemTimers),
    url: buyer.url,
    secret,
    // The receiver checks the signature against the current time.
    clock: { now: () => new Date() },
  });

/** Verifies the last delivery as the buyer's software does; throws if the signature does not match. */
const verified = (secret = key): unknown => {
  const { headers, body } = buyer.received.at(-1) ?? { headers: {}, body: '' };

  return new Webhook(secret).verify(body, headers as Record<string, string>);
};

describe('notify buyer about a refund', () => {
  it.each([
    ['to the balance', 2_500, 0, ' The money is back in your balance.'],
    [
      'at the gateway',
      0,
      2_500,
      ' The money goes back to your payment method, which can take some days.',
    ],
    [
      'of both tenders',
      1_000,
      1_500,
      ' One part is back in your balance. The other part goes back to your payment method, which can take some days.',
    ],
  ])(
    'says where the money of a refund %s is',
    async (_what, balanceAmount, gatewayAmount, where) => {
      const parts = { balanceAmount, gatewayAmount };
      const { data } = aRefundCompletedEvent({ ...payment, ...money, ...parts, refundId: 'rfd_1' });

      await aNotifier()(createDomainEvent('RefundCompleted', of, data));

      expect(verified()).toMatchObject({
        ...money,
        ...parts,
        message: `Your refund is complete.${where}`,
      });
      expect(notifications.RefundCompleted.safeParse(verified()).success).toBe(true);
    },
  );
});

describe('notify buyer', () => {
  it.each<[string, DomainEvent<NotificationEventName>, object]>([
    [
      'a completed payment whose points will follow',
      aPaymentCompletedEvent({ paymentId: 'pay_1' }),
      {
        type: 'aftercommit.payment.completed.v1',
        ...payment,
        ...money,
        message: 'Your payment is complete. Its points will be added soon.',
      },
    ],
    [
      'a failed payment of which nothing was taken',
      createDomainEvent('PaymentCompensated', of, {
        ...payment,
        ...money,
        code: 'insufficient-funds',
      }),
      {
        type: 'aftercommit.payment.compensated.v1',
        ...payment,
        ...money,
        code: 'insufficient-funds',
        message:
          'Your payment did not go through. The card or account has insufficient funds. You were not charged.',
      },
    ],
    [
      'a cancelled payment',
      createDomainEvent('PaymentCompensated', of, {
        ...payment,
        ...money,
        code: 'cancelled-by-buyer',
      }),
      {
        type: 'aftercommit.payment.compensated.v1',
        ...payment,
        ...money,
        code: 'cancelled-by-buyer',
        message: 'Your payment did not go through. You were not charged.',
      },
    ],
    [
      "a payment of an older version, whose event has the gateway's code",
      createDomainEvent('PaymentCompensated', of, { ...payment, ...money, code: 'stolen_card' }),
      {
        type: 'aftercommit.payment.compensated.v1',
        ...payment,
        ...money,
        code: 'card-declined',
        message: 'Your payment did not go through. The card was declined. You were not charged.',
      },
    ],
    [
      'a reversed payment',
      createDomainEvent('PaymentReversed', of, { ...payment, ...money }),
      {
        type: 'aftercommit.payment.reversed.v1',
        ...payment,
        ...money,
        message: 'Your payment did not go through, and the money was refunded.',
      },
    ],
    [
      'a refund of an older version, whose event has no parts of its amount',
      createDomainEvent('RefundCompleted', of, {
        ...aRefundCompletedEvent({ ...payment, ...money }).data,
        refundId: 'rfd_1',
      }),
      {
        type: 'aftercommit.refund.completed.v1',
        ...payment,
        ...money,
        refundId: 'rfd_1',
        message: 'Your refund is complete.',
      },
    ],
    [
      'returned units without an amount to refund',
      createDomainEvent('RefundCompleted', of, {
        ...aRefundCompletedEvent({ ...payment, ...money }).data,
        amount: 0,
        refundId: 'rfd_1',
      }),
      {
        type: 'aftercommit.refund.completed.v1',
        ...payment,
        ...money,
        amount: 0,
        refundId: 'rfd_1',
        message: 'Your return is complete. There was no amount to refund.',
      },
    ],
    [
      'a refund that the gateway declined',
      createDomainEvent('RefundFailed', of, {
        ...payment,
        ...money,
        refundId: 'rfd_1',
        code: 'charge_disputed',
        reason: 'The charge is disputed.',
      }),
      {
        type: 'aftercommit.refund.failed.v1',
        ...payment,
        ...money,
        refundId: 'rfd_1',
        code: 'refund-declined',
        message: 'Your refund did not go through. Your payment is unchanged.',
      },
    ],
    [
      'added points',
      createDomainEvent('PointsAdded', of, { userId: 'alice', paymentId: 'pay_1', points: 25 }),
      {
        type: 'aftercommit.points.added.v1',
        userId: 'alice',
        paymentId: 'pay_1',
        points: 25,
        message: '25 points were added.',
      },
    ],
    [
      'points deducted by a refund',
      createDomainEvent('PointsCorrected', of, {
        userId: 'alice',
        paymentId: 'pay_1',
        points: 24,
        change: -1,
      }),
      {
        type: 'aftercommit.points.corrected.v1',
        userId: 'alice',
        paymentId: 'pay_1',
        points: 24,
        change: -1,
        message: '1 point was deducted.',
      },
    ],
  ])('notifies about %s', async (_, event, notification) => {
    const done = await aNotifier()(event);

    expect(done).toEqual({ outcome: 'delivered' });
    expect(verified()).toEqual({ ...notification, timestamp: noon.toISOString() });
    expect(notifications[event.name].parse(verified())).toEqual(verified());
    expect(buyer.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.id,
    });
  });

  it('signs the webhook with the secret', async () => {
    await aNotifier()(aPaymentCompletedEvent());

    expect(() => verified()).not.toThrow();
    expect(() => verified(randomBytes(32).toString('base64'))).toThrow('No matching signature');
  });

  it('notifies once for any number of deliveries', async () => {
    const notify = aNotifier();
    const event = aPaymentCompletedEvent();

    await notify(event);

    expect(await notify(event)).toMatchObject({ outcome: 'duplicate' });
    expect(buyer.received).toHaveLength(1);
  });

  it('retries with the same id after a failed delivery', async () => {
    const notify = aNotifier();
    const event = aPaymentCompletedEvent();
    status = 503;

    await expect(notify(event)).rejects.toThrow('responded 503');
    status = 200;
    await notify(event);

    expect(buyer.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      event.id,
      event.id,
    ]);
  });

  it('sends nothing unsigned if the secret cannot be read', async () => {
    const secret = () => Promise.reject(new Error('access denied'));

    await expect(aNotifier({ secret })(aPaymentCompletedEvent())).rejects.toThrow('access denied');

    expect(buyer.received).toEqual([]);
  });
});
