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
import { createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { anAuditEntry } from '../../../support/builders/audit-entry.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { anUnknownPayment, later } from '../inquire-payment/harness.ts';

const reason = 'The gateway may have news.';

interface Options {
  readonly paymentId?: string | undefined;
  readonly scope?: string;
  readonly body?: unknown;
}

/** The route over one payment, the messages that it sends to the queue, and its audit entries. */
const aRoute = (stored?: Payment) => {
  const sent: { queueUrl: string | undefined; body: string }[] = [];
  const tables = new MemoryDynamo({ Audits: ['day', 'entry'] });
  const clock = { now: () => later(5_000) };
  const askPgNow = createRequestInquiry({
    sqs: {
      send: async (command: unknown) => {
        const { QueueUrl, MessageBody = '' } = (command as SendMessageCommand).input;
        sent.push({ queueUrl: QueueUrl, body: MessageBody });
      },
    },
    queueUrl: 'https://sqs/inquiries',
    clock,
    randomId: randomUUID,
    by: 'operator',
  });
  const find = async (paymentId: string) => (stored?.paymentId === paymentId ? stored : undefined);
  const audits = createAuditLog(tables.client, 'Audits');
  const handler = httpHandler(
    requestInquiry({ payments: { find }, audits, request: askPgNow, clock }),
  );

  return {
    sent,
    tables,
    audits: () => tables.items('Audits'),
    post: ({
      paymentId = stored?.paymentId,
      scope = operatorScope,
      body = { reason },
    }: Options = {}) =>
      call(handler, {
        method: 'POST',
        path: `/operator/payments/${paymentId}/inquire`,
        buyer: 'olivia',
        scope,
        body,
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

  it('records person, scope, reason and the state of the payment', async () => {
    const payment = anUnknownPayment();
    const { audits, post } = aRoute(payment);

    await post({ scope: 'aftercommit/support' });

    const { paymentId, orderId, userId, status, version } = payment;
    const at = later(5_000).toISOString();
    expect(audits()).toEqual([
      anAuditEntry(at, {
        action: 'inquire',
        subject: paymentId,
        reason,
        detail: { orderId, userId, status, version },
      }),
    ]);
  });

  it('sends nothing if the audit entry is not stored', async () => {
    const payment = anUnknownPayment();
    const { sent, post, tables } = aRoute(payment);
    const at = later(5_000).toISOString();
    tables.put('Audits', { day: at.slice(0, 10), entry: `${at}#${payment.paymentId}` });

    expect((await post()).status).toBe(503);

    expect(sent).toEqual([]);
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

  it.each<[string, Options, number, string]>([
    ['a missing payment', { paymentId: 'pay_2' }, 404, 'payment-not-found'],
    ['an existing payment without the scope', { scope: 'openid' }, 403, 'forbidden'],
    [
      'a missing payment without the scope',
      { paymentId: 'pay_2', scope: 'openid' },
      403,
      'forbidden',
    ],
    ['a missing reason', { body: {} }, 400, 'invalid-request'],
    ['a reason of nine characters', { body: { reason: ' too short ' } }, 400, 'invalid-request'],
  ])('rejects %s and records nothing', async (_case, options, status, code) => {
    const { sent, audits, post } = aRoute(anUnknownPayment());

    expect(await post(options)).toMatchObject({ status, body: { code } });

    expect([sent, audits()]).toEqual([[], []]);
  });
});
