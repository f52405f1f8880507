import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { confirmPayment } from '../../../../functions/confirm-payment/handler.ts';
import {
  type NextAction,
  nextActionOf,
} from '../../../../shared/application/payments/next-action.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { Checkout } from '../../../../shared/gateway/checkout.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { noon } from '../../../support/builders/builders.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { sendToPlainServer } from '../../../support/fakes/plain-exchange.ts';
import { createTossServer } from '../../../support/fakes/toss/server.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import {
  buyer,
  orderId,
  paymentId,
  putTeaOrder,
  tenders,
} from '../../../support/harness/tea-order.ts';

const secretKey = 'test_sk_docs';
const checkout: Checkout = { gateway: 'toss', clientKey: 'test_ck_docs' };

type WindowAction = Extract<NextAction, { type: 'provide-payment-method' }>;

/** Alice has accepted a payment of 2,000 without a payment method: 500 from the balance, 1,500 at Toss. */
const aWaitingPayment = async () => {
  const timers = createManualTimers(noon.getTime());
  const toss = createTossServer({ clock: timers, secretKey, clientKey: `${checkout.clientKey}` });
  const gateway = createTossGateway({
    url: 'http://toss.test',
    secretKey,
    timeoutMs: 8_000,
    timers,
    exchange: sendToPlainServer(toss.server),
  });
  const harness = createCheckoutHarness({
    turn: async () => {},
    gateway,
    clock: timers,
    inquiryClock: timers,
    checkout,
  });
  const { tables, stores } = harness;
  putTeaOrder(tables);
  const body = { orderId, balanceAmount: tenders.balance, onDecline: 'keep' as const };
  const { nextAction } = await harness.accept({ buyer, key: 'k', body, traceparent });
  const confirm = confirmPayment({
    ...stores,
    requestInquiry: async () => true,
    clock: timers,
    timings: timings.local,
    returnOrigins: [],
    checkout,
  });
  const payment = () => tables.items<Payment>('Payments')[0] as Payment;

  return {
    pass: timers.advance,
    payment,
    action: nextAction as WindowAction,
    nextAction: () => nextActionOf(payment(), { checkout, timings: timings.local }) as WindowAction,
    /** The window as the page opens it: with what the API returned. */
    open: ({ reference: orderId, amount, currency, clientKey }: WindowAction) =>
      toss.openWindow({ orderId, amount, currency, clientKey: `${clientKey}` }),
    /** The page confirms the payment, and the charger charges it. */
    confirm: async (paymentMethod: string) => {
      const request = {
        buyer,
        paymentId,
        key: paymentMethod,
        body: { paymentMethod },
        traceparent,
      };
      await confirm(request);
      await harness.charge(paymentId);
    },
    capturedAt: (reference: string) => toss.stateOf(reference).captured,
    /** Compensates the payment; returns what is booked then. */
    async end() {
      await Promise.all(harness.compensationSteps.map((step) => step({ paymentId })));
      await harness.finish({ paymentId }, {} as Context);

      return {
        payment: payment().status,
        order: tables.items<Order>('Orders')[0]?.status,
        available: tables.items<Balance>('Balances')[0]?.available,
      };
    },
  };
};

const released = { payment: 'COMPENSATED', order: 'CANCELLED', available: 500 };

describe("payment in Toss's window", () => {
  it('is charged in the window that was opened with what the API returned', async () => {
    const { action, open, confirm, payment, capturedAt } = await aWaitingPayment();
    expect(action).toMatchObject({ ...checkout, amount: 1_500, currency: 'KRW' });

    await confirm(open(action).pay('toss_approve').paymentKey);

    expect(payment()).toMatchObject({ status: 'COMPLETED', amount: 2_000, gatewayAmount: 1_500 });
    expect(capturedAt(action.reference)).toEqual([1_500]);
  });

  it('opens another window after a decline, with another reference', async () => {
    const { action, nextAction, open, confirm, payment, capturedAt } = await aWaitingPayment();

    await confirm(open(action).pay('toss_decline').paymentKey);
    const next = nextAction();
    expect(next).toEqual({ ...action, reference: `${action.reference}-2` });
    await confirm(open(next).pay('toss_approve').paymentKey);

    expect(payment().status).toBe('COMPLETED');
    expect(capturedAt(action.reference)).toEqual([]);
    expect(capturedAt(next.reference)).toEqual([1_500]);
  });

  it('waits for another method if the page opened the window with another amount', async () => {
    const { action, open, confirm, payment, capturedAt } = await aWaitingPayment();

    await confirm(open({ ...action, amount: 100 }).pay('toss_approve').paymentKey);

    expect(payment()).toMatchObject({
      status: 'REQUIRES_METHOD',
      failure: { code: 'method-not-supported' },
    });
    expect(capturedAt(action.reference)).toEqual([]);
  });

  it.each([
    ['the buyer closed the window', false],
    ['the page confirms it too late', true],
  ])('is given back after its hold if %s', async (_why, isPaid) => {
    const { action, open, confirm, pass, end, payment, capturedAt } = await aWaitingPayment();
    const window = open(action);
    if (!isPaid) expect(window.close()).toMatchObject({ code: 'PAY_PROCESS_CANCELED' });
    const { paymentKey } = isPaid ? window.pay('toss_approve') : { paymentKey: 'tgen_none' };

    pass(timings.local.holdExpiryMs);
    await expect(confirm(paymentKey)).rejects.toMatchObject({
      data: { code: 'payment-not-confirmable' },
    });

    expect(payment()).toMatchObject({ failure: { code: 'not-confirmed-in-time' } });
    expect(await end()).toEqual(released);
    expect(capturedAt(action.reference)).toEqual([]);
  });
});
