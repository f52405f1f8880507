import { describe, expect, it } from 'vitest';
import { type RejectionCode, RejectionError } from '../../../shared/domain/errors.ts';
import { toProblem } from '../../../shared/http/problem.ts';

const where = { instance: '/payments', traceId: 'trace-1' };

/** The public contract. The compiler requires a row for each code. */
const contract: Record<RejectionCode, number> = {
  'invalid-request': 400,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  unauthorized: 401,
  'insufficient-balance': 402,
  'balance-exceeds-total': 422,
  'return-url-not-allowed': 422,
  forbidden: 403,
  'refund-not-allowed': 403,
  'route-not-found': 404,
  'method-not-allowed': 405,
  'order-not-found': 404,
  'payment-not-found': 404,
  'refund-not-found': 404,
  'review-not-found': 404,
  'order-not-payable': 409,
  'order-expired': 409,
  'order-not-cancellable': 409,
  'being-released': 409,
  'payment-in-progress': 409,
  'out-of-stock': 409,
  'total-changed': 409,
  'coupon-not-usable': 409,
  'product-not-sellable': 409,
  'balance-not-usable': 409,
  'payment-not-cancellable': 409,
  'payment-not-confirmable': 409,
  'payment-not-refundable': 409,
  'refund-exceeds-captured': 409,
  'decision-not-allowed': 409,
  'second-person-required': 409,
  'idempotency-key-in-flight': 409,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'card-number-refused': 422,
  'product-not-found': 422,
  'idempotency-key-reused': 422,
  'too-many-lines': 422,
};

describe('problem document of a rejection', () => {
  it.each(Object.entries(contract))('has for %s the status %i', (code, status) => {
    const refusal = new RejectionError({ code: code as RejectionCode, detail: 'Why.' });

    expect(toProblem(refusal, where)).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: `urn:aftercommit:problem:${code}`,
        title: expect.stringMatching(/^[A-Z]/),
        status,
        code,
        detail: 'Why.',
        instance: '/payments',
        traceId: 'trace-1',
      },
    });
  });

  it('lists each of several errors', () => {
    const errors = [
      { sku: 'tea', detail: 'None left.' },
      { sku: 'cup', detail: 'None left.' },
    ];
    const refusal = new RejectionError({ code: 'out-of-stock', detail: 'Why.', errors });

    expect(toProblem(refusal, where).body).toMatchObject({ errors });
  });

  it('names the payment concerned', () => {
    const refusal = new RejectionError({
      code: 'payment-in-progress',
      detail: 'Why.',
      paymentId: 'pay_1',
    });

    expect(toProblem(refusal, where)).toMatchObject({
      headers: { location: '/payments/pay_1' },
      body: { paymentId: 'pay_1' },
    });
  });

  it('marks a replayed rejection', () => {
    const data = { code: 'out-of-stock', detail: 'Why.' } as const;

    expect(toProblem(new RejectionError(data, { replayed: true }), where).headers).toMatchObject({
      'idempotency-replayed': 'true',
    });
    expect(toProblem(new RejectionError(data), where).headers).not.toHaveProperty(
      'idempotency-replayed',
    );
  });
});
