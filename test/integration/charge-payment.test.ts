import { describe, expect, it } from 'vitest';
import { toQueueMessage } from '../../dev/smoke/check-redrive.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { aClaimedPayment } from '../support/stack/forced-states.ts';
import { deliver } from '../support/stack/messages.ts';
import { consumerQueue, sendMessage } from '../support/stack/queues.ts';
import {
  compensationRecordsOf,
  storedPayment,
  withoutInquiryFields,
} from '../support/stack/repositories.ts';
import { anOrder, balancePart, orderOf, wallets } from '../support/stack/stack-fixtures.ts';
import { waitForStatus } from '../support/stack/wait-for-status.ts';
import { timeoutFactor } from '../support/timeout-factor.ts';

/** The event that the charger consumes for this payment. */
const reservedEvent = (payment: Payment) => replayPaymentEvent(payment, 'PaymentReserved');

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

describe.concurrent('charge payment', () => {
  it('charges once for three concurrent deliveries of one message', async () => {
    const order = await anOrder();
    const payment = await api.accepted(order);
    const event = reservedEvent(await storedPayment(payment.paymentId));
    const three = [1, 2, 3];

    const answers = await Promise.all(three.map(() => deliver('charge-payment', event)));
    const { url } = consumerQueue('charge-payment');
    await Promise.all(three.map(() => sendMessage(url, toQueueMessage(event))));

    expect(answers).toEqual(three.map(() => ({ batchItemFailures: [] })));
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1 },
    });
  });

  it('changes nothing for a duplicate message after the payment completed', async () => {
    const payment = await api.accepted(await anOrder());
    await api.settled(payment);
    const stored = await storedPayment(payment.paymentId);
    const event = reservedEvent(stored);

    const answer = await deliver('charge-payment', event);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(withoutInquiryFields(await storedPayment(payment.paymentId))).toEqual(
      withoutInquiryFields(stored),
    );
    expect(await pg.chargesOf(payment.paymentId)).toMatchObject({ counts: { requests: 1 } });
  });

  it('ends UNKNOWN with its money held if the charger died after its claim', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, inSeconds(-1));
    const { paymentId } = claimed;

    const answer = await deliver('charge-payment', reservedEvent(claimed));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await storedPayment(paymentId)).toMatchObject({ status: 'UNKNOWN', attempt: 1 });
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 0 } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: balancePart, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'PAYING' });
  });

  it('defers the message during a claim lease and handles it after the expiry', async () => {
    const order = await anOrder();
    const claimed = await aClaimedPayment(order, inSeconds(20 * timeoutFactor));
    const { paymentId } = claimed;

    const answer = await deliver('charge-payment', reservedEvent(claimed));
    const meanwhile = await storedPayment(paymentId);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(meanwhile).toMatchObject({ status: 'CHARGING', version: claimed.version });
    // An inquiry may already have changed the status: the history shows UNKNOWN.
    await eventually(async () =>
      expect((await storedPayment(paymentId)).history).toContainEqual(
        expect.objectContaining({
          to: 'UNKNOWN',
          by: 'charge-payment',
          detail: 'the claim expired',
        }),
      ),
    );
    expect(await pg.chargesOf(paymentId)).toMatchObject({ counts: { requests: 0 } });
  });
});

describe.concurrent('a mismatched charge', () => {
  it('opens a review and restores nothing if the gateway approved another amount', async () => {
    const order = await anOrder();

    const payment = await api.accepted(order, {
      paymentMethod: 'sim_wrong_amount',
      balanceAmount: balancePart,
    });
    await waitForStatus(payment.paymentId, 'IN_REVIEW');

    expect(await api.payment(payment)).toMatchObject({ body: { status: 'UNDER_REVIEW' } });
    expect(await wallets.of(order.buyer)).toMatchObject({ held: balancePart, spent: 0 });
    expect(await compensationRecordsOf(payment.paymentId)).toEqual({});
  });
});
