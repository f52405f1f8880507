import { describe, expect, it } from 'vitest';
import { completed, declined, requested } from '../../../../dev/docs/example-payment.ts';
import { acceptBody } from '../../../../functions/accept-payment/request.ts';
import { orderBody } from '../../../../functions/create-order/request.ts';
import { redriveBody } from '../../../../functions/redrive-dead-letters/request.ts';
import { refundBody } from '../../../../functions/request-refund/request.ts';
import { mergeLines } from '../../../../shared/domain/orders/order.ts';
import {
  type ApiEvent,
  bodyOf,
  buyerOf,
  keyOf,
  operatorOf,
} from '../../../../shared/http/http-handler.ts';
import { sample } from './sample.ts';

const order = { orderId: completed.order.orderId };
const { reason } = requested.refund;

describe('a request that writes', () => {
  const schemas = {
    'POST /orders': orderBody,
    'POST /payments': acceptBody,
    'POST /payments/{paymentId}/refunds': refundBody,
  } as const;
  const written = (name: string) => {
    const event = sample<ApiEvent>(name);
    const schema = schemas[event.routeKey as keyof typeof schemas];

    return { buyer: buyerOf(event), key: keyOf(event), body: bodyOf(schema, event) };
  };

  it.each([
    [
      'create-order',
      'alice',
      'sample-order',
      { lines: [{ sku: 'tea', quantity: 2 }], couponId: 'welcome-alice' },
    ],
    ['accept-payment', 'alice', 'sample-payment', { ...order, paymentMethod: 'sim_approve' }],
    [
      'accept-payment-declined',
      'carol',
      'sample-payment',
      { orderId: declined.order.orderId, paymentMethod: 'sim_decline' },
    ],
    [
      'request-refund',
      'alice',
      'sample-refund',
      { lines: requested.refund.lines.map(({ amount: _, ...line }) => line), reason },
    ],
  ])('%s is read', (name, buyer, key, body) => {
    expect(written(name)).toEqual({ buyer, key, body });
  });

  it('accept-payment-again asks for the same in other words', () => {
    const again = sample<ApiEvent>('accept-payment-again');

    expect(written('accept-payment-again')).toEqual(written('accept-payment'));
    expect(again.body).not.toBe(sample<ApiEvent>('accept-payment').body);
  });

  it('accept-payment-other-body asks for something else under the same key', () => {
    const { body, ...other } = written('accept-payment-other-body');

    expect(written('accept-payment')).toMatchObject(other);
    expect(body).not.toEqual(written('accept-payment').body);
  });

  it('create-order-duplicate-skus has one sku in two lines', () => {
    const { lines } = orderBody.parse(written('create-order-duplicate-skus').body);

    expect(lines).toHaveLength(2);
    expect(mergeLines(lines)).toEqual([{ sku: 'tea', quantity: 2 }]);
  });
});

it('redrive-dead-letters asks what would be sent again, and why', () => {
  const event = sample<ApiEvent>('redrive-dead-letters');

  expect(operatorOf(event)).toBe('olivia');
  expect(bodyOf(redriveBody, event)).toMatchObject({ dryRun: true, action: 'send-again' });
});
