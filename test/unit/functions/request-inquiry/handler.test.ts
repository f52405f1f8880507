import { randomUUID } from 'node:crypto';
import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { requestInquiry } from '../../../../functions/request-inquiry/handler.ts';
import { createRequestInquiry } from '../../../../shared/application/payments/request-inquiry.ts';
import { isInquiryRequest, triggerOf } from '../../../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import { createQueuedEventParser } from '../../../../shared/lambda/queued-event.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { anUnknownPayment, later } from '../inquire-payment/harness.ts';

/** The route over one payment, and the messages that it sends to the queue. */
const aRoute = (stored?: Payment) => {
  const sent: { queueUrl: string | undefined; body: string }[] = [];
  const askPgNow = createRequestInquiry({
    sqs: {
      send: async (command: unknown) => {
        const { QueueUrl, MessageBody = '' } = (command as SendMessageCommand).input;
        sent.push({ queueUrl: QueueUrl, body: MessageBody });
      },
    },
    queueUrl: 'https://sqs/inquiries',
    clock: { now: () => later(5_000) },
    randomId: randomUUID,
    by: 'operator',
  });
  const find = async (paymentId: string) => (stored?.paymentId === paymentId ? stored : undefined);
  const handler = httpHandler(requestInquiry({ payments: { find }, request: askPgNow }));

  return {
    sent,
    post: (paymentId = stored?.paymentId, scope: string = operatorScope) =>
      call(handler, {
        method: 'POST',
        path: `/operator/payments/${paymentId}/inquire`,
        buyer: 'olivia',
        scope,
      }),
  };
};

describe('request inquiry', () => {
  it('sends a message that the inquirer can read', async () => {
    const payment = anUnknownPayment();
    const { sent, post } = aRoute(payment);
    const { paymentId, orderId, userId, amount, currency } = payment;

    expect(await post()).toMatchObject({
      status: 202,
      body: { paymentId, stage: 'UNKNOWN', status: 'CONFIRMING', inquiryRequested: true },
    });

    expect(sent).toMatchObject([{ queueUrl: 'https://sqs/inquiries' }]);
    const event = createQueuedEventParser(['PaymentOutcomeUnknown'])(sent[0]?.body ?? '');
    expect(isInquiryRequest(event)).toBe(true);
    expect(triggerOf(event)).toEqual({
      trigger: { source: 'operator', requestedAt: later(5_000).toISOString() },
    });
    expect(event).toMatchObject({
      subject: paymentId,
      time: later(5_000).toISOString(),
      data: { paymentId, orderId, userId, amount, currency, attempt: 1 },
    });
  });

  it('sends a new request each time', async () => {
    const { sent, post } = aRoute(anUnknownPayment());

    await post();
    await post();

    const ids = sent.map(({ body }) => createQueuedEventParser(['PaymentOutcomeUnknown'])(body).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('requests an inquiry of a payment that is being charged', async () => {
    const { sent, post } = aRoute(afterTransitions(aPayment(), 'claimed'));

    expect(await post()).toMatchObject({
      status: 202,
      body: { stage: 'CHARGING', inquiryRequested: true },
    });

    expect(sent).toHaveLength(1);
  });

  it('answers inquiryRequested false if nothing can be inquired', async () => {
    const { sent, post } = aRoute(aPayment());

    expect(await post()).toMatchObject({
      status: 202,
      body: { stage: 'RESERVED', inquiryRequested: false },
    });

    expect(sent).toEqual([]);
  });

  it.each([
    ['a missing payment', 'pay_2', operatorScope, 404, 'payment-not-found'],
    ['an existing payment without the scope', undefined, 'openid', 403, 'forbidden'],
    ['a missing payment without the scope', 'pay_2', 'openid', 403, 'forbidden'],
  ])('rejects %s', async (_case, paymentId, scope, status, code) => {
    const { sent, post } = aRoute(anUnknownPayment());

    expect(await post(paymentId, scope)).toMatchObject({ status, body: { code } });

    expect(sent).toEqual([]);
  });
});
