import { describe, expect, it } from 'vitest';
import { acceptedRequests } from '../../../simulation/checks/accepted-requests.ts';
import { internalErrors } from '../../../simulation/checks/internal-errors.ts';
import { noSecrets } from '../../../simulation/checks/no-secrets.ts';
import { oneAnswer } from '../../../simulation/checks/one-answer.ts';
import { operatorScopes } from '../../../simulation/checks/operator-scopes.ts';
import { ownItems } from '../../../simulation/checks/own-items.ts';
import { webhookSignatures } from '../../../simulation/checks/webhook-signatures.ts';
import type { ApiAnswer } from '../../../simulation/run-record.ts';
import { noon } from '../../../support/builders/builders.ts';
import { cleanRun, compensated, paid, payRequest, refund } from './clean-run.ts';
import { anAnswer, anEvent, problemsAtEnd } from './run-builder.ts';

const body = { paymentId: paid.paymentId, orderId: paid.orderId };
const accepted = anAnswer(payRequest, 202, body);
const later = { sentAt: noon.getTime() + 31_000 };
const temporary = { headers: { 'Retry-After': '1' } };

const withAnswers = (...answers: readonly ApiAnswer[]) => ({ ...cleanRun, answers });

describe('the check of answers to one key', () => {
  it.each([
    ['another payment', anAnswer(payRequest, 202, { ...body, paymentId: 'pay_2' })],
    ['another status', anAnswer(payRequest, 201, body)],
    ['another next action', anAnswer(payRequest, 202, { ...body, nextAction: { url: 'x' } })],
    ['a final rejection', anAnswer(payRequest, 409, { code: 'order-not-payable' }, later)],
    ['a rejection that is kept', anAnswer(payRequest, 409, { code: 'out-of-stock' })],
    ['a late rejection', anAnswer(payRequest, 409, { code: 'x' }, { ...later, ...temporary })],
  ])('reports an accepted key with %s', async (_, other) => {
    expect(await problemsAtEnd(oneAnswer, withAnswers(accepted, other))).toContain(
      'POST /payments of buyer-alice with key-1',
    );
  });

  it.each([
    ['a failure of the service', anAnswer(payRequest, 503, { code: 'temporarily-unavailable' })],
    ['a request in flight', anAnswer(payRequest, 409, { code: 'idempotency-key-in-flight' })],
    ['an early temporary rejection', anAnswer(payRequest, 409, { code: 'x' }, temporary)],
    ['an early rejection that is decided again', anAnswer(payRequest, 409, { code: 'x' })],
    ['another key', anAnswer({ ...payRequest, key: 'key-2' }, 409, { code: 'x' })],
  ])('accepts %s', async (_, other) => {
    expect(await problemsAtEnd(oneAnswer, withAnswers(accepted, other))).toBe('');
  });
});

describe('the check of accepted requests', () => {
  const refundRequest = { ...payRequest, path: `/payments/${paid.paymentId}/refunds` };
  const refundBody = { refundId: refund.refundId, status: 'REQUESTED' };

  it.each([
    ['payment', anAnswer(payRequest, 202, { ...body, paymentId: 'pay_2' })],
    ['order', anAnswer({ ...payRequest, path: '/orders' }, 201, { orderId: 'ord_2' })],
    ['refund', anAnswer(refundRequest, 202, { ...refundBody, refundId: 'rfd_2' })],
    [
      'refund of the payment',
      anAnswer({ ...refundRequest, path: '/payments/pay_2/refunds' }, 202, refundBody),
    ],
    [
      'cancellation',
      anAnswer({ ...payRequest, path: `/payments/${compensated.paymentId}/cancel` }, 202, body),
    ],
  ])('reports a %s that is not stored', async (_, answer) => {
    expect(await problemsAtEnd(acceptedRequests, withAnswers(answer))).toContain('stored nothing');
  });

  it.each([
    ['buyer', anAnswer({ ...payRequest, buyer: 'buyer-bob' }, 202, body)],
    ['order', anAnswer(payRequest, 202, { ...body, orderId: 'ord_2' })],
  ])('reports an item that is stored for another %s', async (_, answer) => {
    expect(await problemsAtEnd(acceptedRequests, withAnswers(answer))).toContain('is stored for');
  });

  it.each([
    [paid.paymentId, ''],
    ['pay_2', 'stored nothing'],
  ])('looks for the payment %s that an operator cancelled', async (paymentId, problem) => {
    const path = `/operator/payments/${paymentId}/cancel`;
    const answer = anAnswer({ ...payRequest, path, buyer: 'sora' }, 202, { paymentId });

    const found = await problemsAtEnd(acceptedRequests, withAnswers(answer));
    expect(problem === '' ? found : found.includes(problem)).toBe(problem === '' ? '' : true);
  });

  it.each([
    ['sim_approve', ''],
    ['sim_other', 'its payment method is not stored'],
  ])('looks for the payment method %s that was confirmed', async (paymentMethod, problem) => {
    const request = { ...payRequest, path: `/payments/${paid.paymentId}/confirm` };
    const answer = anAnswer({ ...request, body: { paymentMethod } }, 202, body);

    const found = await problemsAtEnd(acceptedRequests, withAnswers(answer));
    expect(found.slice(-problem.length || found.length)).toBe(problem);
  });

  it('accepts a refund', async () => {
    const answer = anAnswer(refundRequest, 202, refundBody);

    expect(await problemsAtEnd(acceptedRequests, withAnswers(answer))).toBe('');
  });
});

describe('the check of own items', () => {
  it('reports a payment in a list of another buyer', async () => {
    const request = { method: 'GET', path: '/payments', buyer: 'buyer-bob' } as const;
    const answer = anAnswer(request, 200, { items: [body] });

    expect(await problemsAtEnd(ownItems, withAnswers(answer))).toContain(
      `GET /payments shows buyer-bob ${paid.paymentId} of buyer-alice`,
    );
  });

  it('reports a payment of another buyer with the same idempotency key', async () => {
    const answer = anAnswer({ ...payRequest, buyer: 'buyer-bob' }, 202, body);

    expect(await problemsAtEnd(ownItems, withAnswers(accepted, answer))).toContain(
      `POST /payments shows buyer-bob ${paid.paymentId} of buyer-alice`,
    );
  });

  it('lets an operator see everything', async () => {
    const request = { method: 'GET', path: '/operator/reviews', buyer: 'olivia' } as const;

    expect(
      await problemsAtEnd(ownItems, withAnswers(anAnswer(request, 200, { items: [body] }))),
    ).toBe('');
  });
});

describe('the check of operator scopes', () => {
  const request = { method: 'GET', path: '/operator/reviews', buyer: 'mallory' } as const;
  const forbidden = { message: 'Forbidden' };

  it.each([
    ['an answer with data', anAnswer(request, 200, { items: [] })],
    ['a 403 of the function', anAnswer(request, 403, { code: 'forbidden' })],
    ['a scope of another route', anAnswer({ ...request, scope: 'aftercommit/redrive' }, 200, {})],
  ])('reports %s', async (_, answer) => {
    expect(await problemsAtEnd(operatorScopes, withAnswers(answer))).toContain(
      `GET /operator/reviews of mallory is answered ${answer.status}`,
    );
  });

  it.each([
    ['a 403 of API Gateway', anAnswer(request, 403, forbidden)],
    ['an answer to an operator', anAnswer({ ...request, scope: 'aftercommit/review' }, 200, {})],
    ['an answer to a buyer on a route for buyers', accepted],
  ])('accepts %s', async (_, answer) => {
    expect(await problemsAtEnd(operatorScopes, withAnswers(answer))).toBe('');
  });
});

describe('the check of webhook signatures', () => {
  const request = { method: 'POST', path: '/webhooks/pg', body: '{"type":"x"} ' } as const;

  it.each([200, 403, 500])('reports a forged webhook that is answered %i', async (status) => {
    expect(
      await problemsAtEnd(webhookSignatures, withAnswers(anAnswer(request, status, {}))),
    ).toContain(`${status} is the answer to a forged webhook`);
  });

  it('accepts a 401', async () => {
    expect(await problemsAtEnd(webhookSignatures, withAnswers(anAnswer(request, 401, {})))).toBe(
      '',
    );
  });
});

describe('the check of internal errors', () => {
  const ofGateway = anAnswer(payRequest, 500, { message: 'Internal Server Error' });
  const ofService = anAnswer(payRequest, 500, { code: 'internal-error' });
  const fault = 'crashAfter accept-payment dynamodb:TransactWrite';

  it.each([
    ['of the service, whatever the faults', ofService, [fault]],
    ['of API Gateway without a fault', ofGateway, []],
    ['of API Gateway with a fault of another function', ofGateway, ['crashAfter create-order x']],
  ])('reports a 500 %s', async (_, answer, taken) => {
    expect(await problemsAtEnd(internalErrors, { ...withAnswers(answer), taken })).toContain(
      'POST /payments is answered 500',
    );
  });

  it('accepts a 500 of API Gateway after a fault of the function', async () => {
    expect(await problemsAtEnd(internalErrors, { ...withAnswers(ofGateway), taken: [fault] })).toBe(
      '',
    );
  });
});

describe('the check of secrets', () => {
  it.each([
    ['a log line', { logLines: ['key sk_secret'] }],
    ['an event', { published: [anEvent('PaymentReserved', { id: 'sk_secret' })] }],
    [
      'a delivery',
      {
        deliveries: [
          {
            receiver: 'notifications',
            key: 'k',
            bodies: ['{"token":"sk_secret"}'],
            times: 1,
          } as const,
        ],
      },
    ],
    ['a response', withAnswers(anAnswer(payRequest, 400, { detail: 'sk_secret is not a token' }))],
    ['a dead letter', { deadLettered: [{ queue: 'q', body: 'sk_secret', at: 0 }] }],
  ])('reports %s that contains one', async (place, parts) => {
    expect(await problemsAtEnd(noSecrets, { ...cleanRun, ...parts })).toContain(
      `${place} contains sk_secret`,
    );
  });

  const page = 'https://pg.example/page/1';
  const shown = { nextAction: { type: 'redirect', url: page } };
  const operatorRequest = {
    method: 'GET',
    path: `/operator/payments/${paid.paymentId}/timeline`,
    buyer: 'sora',
    scope: 'aftercommit/support',
  } as const;

  it.each([
    ['a log line', page, { logLines: [`url ${page}`] }],
    ['an event', page, { published: [anEvent('PaymentActionRequired', { url: page })] }],
    ['a dead letter', page, { deadLettered: [{ queue: 'q', body: page, at: 0 }] }],
    [
      'a response to others',
      'nextAction',
      withAnswers(anAnswer(operatorRequest, 200, { nextAction: {} })),
    ],
    ['a response to others', page, withAnswers(anAnswer(operatorRequest, 200, shown))],
  ])('reports %s with %s, which is for the buyer alone', async (place, text, parts) => {
    expect(await problemsAtEnd(noSecrets, { ...cleanRun, actionUrls: [page], ...parts })).toContain(
      `${place} contains ${text}`,
    );
  });

  it('accepts the page in a response to the buyer', async () => {
    const answer = anAnswer(payRequest, 202, { ...body, ...shown });

    expect(await problemsAtEnd(noSecrets, { ...withAnswers(answer), actionUrls: [page] })).toBe('');
  });
});
