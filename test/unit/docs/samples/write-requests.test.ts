import { describe, expect, it } from 'vitest';
import { completed, declined, requestedRefund } from '../../../../dev/docs/example-payment.ts';
import { createAcceptPaymentSchema } from '../../../../functions/accept-payment/request.ts';
import { createOrderSchema } from '../../../../functions/create-order/request.ts';
import { redriveSchema } from '../../../../functions/redrive-dead-letters/request.ts';
import { refundPaymentSchema } from '../../../../functions/request-refund/request.ts';
import { mergeLines } from '../../../../shared/domain/orders/order.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import {
  type ApiEvent,
  buyerOf,
  idempotencyKeyOf,
  operatorOf,
  parseBody,
} from '../../../../shared/http/request.ts';
import { readSample } from './sample.ts';

const order = { orderId: completed.order.orderId };
const { reason } = requestedRefund.refund;

describe('sampled request that writes', () => {
  const schemas = {
    'POST /orders': createOrderSchema,
    'POST /payments': createAcceptPaymentSchema(tokenFormats.simulator),
    'POST /payments/{paymentId}/refunds': refundPaymentSchema,
  } as const;
  const written = (name: string) => {
    const event = readSample<ApiEvent>(name);
    const schema = schemas[event.routeKey as keyof typeof schemas];

    return { buyer: buyerOf(event), key: idempotencyKeyOf(event), body: parseBody(schema, event) };
  };

  it.each([
    [
      'create-order',
      'alice',
      'sample-order',
      { lines: [{ sku: 'tea', quantity: 2 }], couponId: 'welcome-alice' },
    ],
    [
      'accept-payment',
      'alice',
      'sample-payment',
      { ...order, balanceAmount: 2_000, paymentMethod: 'sim_approve' },
    ],
    [
      'accept-payment-declined',
      'carol',
      'sample-payment',
      { orderId: declined.order.orderId, balanceAmount: 2_000, paymentMethod: 'sim_decline' },
    ],
    [
      'request-refund',
      'alice',
      'sample-refund',
      { lines: requestedRefund.refund.lines.map(({ amount: _, ...line }) => line), reason },
    ],
  ])('%s is parsed', (name, buyer, key, body) => {
    expect(written(name)).toEqual({ buyer, key, body });
  });

  it('accept-payment-again has the same body in another spelling', () => {
    const again = readSample<ApiEvent>('accept-payment-again');

    expect(written('accept-payment-again')).toEqual(written('accept-payment'));
    expect(again.body).not.toBe(readSample<ApiEvent>('accept-payment').body);
  });

  it('accept-payment-other-body has another body with the same key', () => {
    const { body, ...other } = written('accept-payment-other-body');

    expect(written('accept-payment')).toMatchObject(other);
    expect(body).not.toEqual(written('accept-payment').body);
  });

  it('create-order-duplicate-skus has one sku in two lines', () => {
    const { lines } = createOrderSchema.parse(written('create-order-duplicate-skus').body);

    expect(lines).toHaveLength(2);
    expect(mergeLines(lines)).toEqual([{ sku: 'tea', quantity: 2 }]);
  });
});

it('redrive-dead-letters is a dry run of a redrive', () => {
  const event = readSample<ApiEvent>('redrive-dead-letters');

  expect(operatorOf(event).sub).toBe('olivia');
  expect(parseBody(redriveSchema, event)).toMatchObject({ dryRun: true, action: 'redrive' });
});
