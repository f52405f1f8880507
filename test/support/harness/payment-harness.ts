import type { Context } from 'aws-lambda';
import { createCompareWithGateway } from '../../../functions/inquire-payment/compare-with-gateway.ts';
import { createDifferenceReviews } from '../../../shared/application/reviews/difference-reviews.ts';
import { createDisputeReviews } from '../../../shared/application/reviews/dispute-reviews.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Order, Product } from '../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../shared/domain/outbox/outbox-event.ts';
import { buildInquiryRequest } from '../../../shared/domain/payments/inquiry-request.ts';
import type { InquiryTrigger, Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { ManualTimers } from '../../../shared/gateway/conformance/manual-timers.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { traceparent } from '../builders/trace.ts';
import { createCheckoutHarness } from './checkout-harness.ts';
import { createRefundHarness } from './refund-harness.ts';
import { buyer, orderId, paymentId, putTeaOrder, tenders } from './tea-order.ts';

interface PaymentHarnessOptions {
  /** Runs before each command to the tables, and before and after each gateway call. */
  readonly turn: () => Promise<unknown>;
  readonly gateway: PaymentGateway;
  readonly timers: ManualTimers;
  /** Of the inquirer; by default the timers. */
  readonly inquiryClock?: Clock;
  readonly paymentMethod?: string;
}

/** Alice's order of two teas, a gateway, and every handler that takes part. */
export const createPaymentHarness = ({
  turn,
  timers: clock,
  inquiryClock = clock,
  paymentMethod = 'any',
  ...options
}: PaymentHarnessOptions) => {
  const gateway = withTurns(options.gateway, turn);
  const returnUrl = 'https://shop.example/paid';
  const body = { orderId, paymentMethod, balanceAmount: tenders.balance, returnUrl };
  const checkout = createCheckoutHarness({
    ...{ turn, gateway, clock, inquiryClock },
    compareWith: (stores) =>
      createCompareWithGateway({
        ...{ ...stores, gateway, clock: inquiryClock, timings: timings.local },
        disputes: createDisputeReviews(stores),
        differences: createDifferenceReviews(stores),
      }),
  });
  const refunds = createRefundHarness({ ...checkout, gateway, clock });
  const { tables } = checkout;
  putTeaOrder(tables);
  const payment = () => tables.items<Payment>('Payments')[0] as Payment;
  let requests = 0;

  /** An immediate inquiry, as its message in the queue. */
  const request = (source: InquiryTrigger['source']) => {
    requests += 1;
    const requestedAt = clock.now().toISOString();

    return checkout.deliverInquiry(
      buildInquiryRequest(payment(), { source, requestedAt, triggerId: `${requests}` }),
    );
  };

  const recordCancellation = (key: string) =>
    refunds.cancel({ buyer, paymentId, key, body: undefined, traceparent });

  /** The event as the relay published it. */
  const completion = () =>
    tables.changes
      .filter(({ table }) => table === 'Payments')
      .flatMap((change) => eventOfChange({ of: 'payment', ...change }) ?? [])
      .find(({ name }) => name === 'PaymentCompleted') as
      | DomainEvent<'PaymentCompleted'>
      | undefined;

  const compensate = async () => {
    await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
    await checkout.finish({ paymentId }, {} as Context);
  };

  /** Delivers one event of the payment's current status, as the bus and the sweeper would. */
  const deliver = async (): Promise<boolean> => {
    const { status, dueAt } = payment();
    const requested = tables.items<Refund>('Refunds');
    const completed = completion();
    if (status === 'RESERVED' || status === 'CHARGING') await checkout.charge(paymentId);
    else if (status === 'FAILED') await compensate();
    else if (status !== 'COMPLETED' && dueAt !== undefined) await checkout.inquire(paymentId);
    else if (completed?.data.cancelRequestedAt && requested.length === 0)
      await refunds.refundCancelled(completed);
    else if (requested.some((refund) => refund.status === 'REQUESTED')) {
      for (const { refundId } of requested) await refunds.execute(refundId);
    }
    // A hint makes a completed payment due again: it is compared with the gateway.
    else if (dueAt !== undefined) await checkout.inquire(paymentId);
    else return false;

    return true;
  };

  return {
    payment,
    find: checkout.stores.payments.find,
    accept: () => checkout.accept({ buyer, key: 'k', body, traceparent }),
    charge: () => checkout.charge(paymentId),
    /** The message of the payment's own schedule. */
    inquire: () => checkout.inquire(paymentId),
    request,
    recordCancellation,
    /** Records the cancellation, and makes the inquiry that it requests. */
    cancel: async (key: string) => {
      await recordCancellation(key);
      await request('buyer');
    },
    pass: clock.advance,
    deliver,
    /** Delivers until nothing is left to do. Every due time has passed then. */
    async deliverAll(onRound: () => void = () => {}) {
      for (let round = 0; round < 60; round += 1) {
        clock.advance(10 * 60_000);
        onRound();
        const isBusy = await deliver().catch(() => true);
        if (!isBusy) return;
      }
      throw new Error(`The payment is ${payment().status} and does not end.`);
    },
    /** What is booked. */
    end: () => ({
      payment: payment().status,
      order: tables.items<Order>('Orders')[0]?.status,
      available: tables.items<Balance>('Balances')[0]?.available,
      stock: tables.items<Product>('Products')[0]?.available,
    }),
  };
};

/** How long the buyer may act. */
export const { actionExpiryMs } = timings.local;

const withTurns = (gateway: PaymentGateway, turn: () => Promise<unknown>): PaymentGateway => {
  const wrap =
    <Request, Outcome>(call: (request: Request) => Promise<Outcome>) =>
    async (request: Request): Promise<Outcome> => {
      await turn();
      const outcome = await call(request);
      await turn();

      return outcome;
    };

  return {
    charge: wrap(gateway.charge),
    inquire: wrap(gateway.inquire),
    cancel: wrap(gateway.cancel),
    refund: wrap(gateway.refund),
    inquireRefund: wrap(gateway.inquireRefund),
  };
};
