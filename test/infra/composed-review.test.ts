import { expect, it } from 'vitest';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import type { Review } from '../../shared/domain/reviews/review.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import { aBalance, anOrder, aPayment, aProduct, noon } from '../support/builders/builders.ts';
import { afterTransitions } from '../support/builders/payment-history.ts';
import { createGatewayModel } from '../support/fakes/gateway-model.ts';
import { createProcess, queueEventOf } from './composed-process.ts';

/** The gateway has captured each payment. */
const capturing: PaymentGateway = {
  ...createGatewayModel(() => 'answered').gateway,
  inquire: async ({ amount }) => ({
    outcome: 'approved',
    transactionId: 'txn_1',
    approvedAt: noon.toISOString(),
    captured: amount,
    refunded: 0,
  }),
};

it('a composed review completes a captured payment whose order is held by another one', async () => {
  const { tables, invoke, request } = createProcess({ openGateway: () => capturing });
  const charging = afterTransitions(aPayment({ userId: 'alice' }), 'claimed');
  const payment = transitionPayment(charging, 'reviewOpened', {
    at: noon,
    by: 'charge-payment',
    change: {
      failure: { code: 'ledger-mismatch', reason: 'The order differs.', evidence: 'seen' },
    },
  });
  const { orderId, amount } = payment;
  tables.put('Payments', payment);
  tables.put(
    'Orders',
    anOrder({ orderId, userId: 'alice', status: 'PAYING', activePaymentId: 'pay_other' }),
  );
  tables.put('Balances', aBalance({ userId: 'alice', held: amount }));
  for (const { sku, quantity } of payment.reservation?.lines ?? [])
    tables.put('Products', aProduct({ sku, reserved: quantity }));
  const { name, ...envelope } = replayPaymentEvent(payment, 'PaymentReviewOpened');
  await invoke('open-review', queueEventOf(name, JSON.stringify(envelope)));
  const [review] = tables.items<Review>('Reviews');

  const resolved = await request('resolve-review', {
    method: 'POST',
    path: `/operator/reviews/${review?.reviewId}/resolve`,
    buyer: 'olivia',
    scope: 'aftercommit/review',
    body: { decision: 'completed', reason: 'The gateway has captured it.' },
  });

  expect(resolved).toMatchObject({ status: 200, body: { status: 'RESOLVED' } });
  expect(tables.items<Payment>('Payments')[0]).toMatchObject({ status: 'COMPLETED' });
});
