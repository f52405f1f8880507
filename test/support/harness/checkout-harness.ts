import type { Context } from 'aws-lambda';
import { acceptPayment } from '../../../functions/accept-payment/handler.ts';
import { chargePayment } from '../../../functions/charge-payment/handler.ts';
import { finish } from '../../../functions/finish-compensation/handler.ts';
import { inquirePayment } from '../../../functions/inquire-payment/handler.ts';
import { inquireOnce } from '../../../functions/inquire-payment/inquire-once.ts';
import type { CompareWithGateway } from '../../../functions/inquire-payment/types.ts';
import { releaseOrder } from '../../../functions/release-order/handler.ts';
import { restoreBalance } from '../../../functions/restore-balance/handler.ts';
import { restoreStock } from '../../../functions/restore-stock/handler.ts';
import { createCompensate } from '../../../shared/application/compensation/compensating-transaction.ts';
import { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { createCapturePayment } from '../../../shared/application/payments/capture-payment.ts';
import {
  createRecordChargeOutcome,
  createRecordEvidence,
} from '../../../shared/application/payments/record-charge-outcome.ts';
import { eventIdOf } from '../../../shared/domain/events/domain-event.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { Checkout } from '../../../shared/gateway/checkout.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { nextActionOptions } from '../builders/checkout.ts';
import { MemoryDynamo } from '../fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../fakes/memory-repositories.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Balances: ['userId'],
  Products: ['sku'],
  Coupons: ['userId', 'couponId'],
  Compensations: ['paymentId', 'target'],
  Reviews: ['reviewId'],
  Audits: ['day', 'entry'],
  Deliveries: ['eventId', 'consumer'],
  Rankings: ['day', 'entry'],
  LoyaltyPoints: ['userId', 'entry'],
};

interface CheckoutOptions {
  /** Runs before every command to the tables, so that a scheduler can reorder them. */
  readonly turn: () => Promise<unknown>;
  readonly gateway: PaymentGateway;
  readonly clock: Clock;
  /** Of the inquirer; by default after every in-flight window has closed. */
  readonly inquiryClock?: Clock;
  /** By default the simulator's window. */
  readonly checkout?: Checkout;
  /** Creates the comparison of final payments; by default every payment is consistent. */
  readonly compareWith?: (
    stores: ReturnType<typeof createMemoryRepositories>,
  ) => CompareWithGateway;
}

/** The handlers of a payment over one MemoryDynamo, without queues. */
export const createCheckoutHarness = ({
  turn,
  gateway,
  clock,
  inquiryClock = laterThan(clock),
  checkout = nextActionOptions.checkout,
  compareWith = () => async () => 'consistent',
}: CheckoutOptions) => {
  const tables = new MemoryDynamo(keys, turn);
  const db = tables.client;
  const stores = createMemoryRepositories(db);
  const compensate = createCompensate({ ...stores, clock });
  const tryTransition = async ({
    before,
    after,
  }: Parameters<Parameters<typeof finish>[0]['transition']>[0]) => ({
    value: await stores.payments.tryUpdate(before, after),
  });

  const byInquirer = { clock: inquiryClock, by: 'inquire-payment' };
  const runInquiry = inquireOnce({
    gateway,
    record: createRecordChargeOutcome({
      ...stores,
      capturePayment: createCapturePayment(stores),
      ...byInquirer,
    }),
    recordEvidence: createRecordEvidence({ ...stores, ...byInquirer }),
    payments: stores.payments,
    clock: inquiryClock,
    timings: timings.local,
  });
  const inquire = inquirePayment({
    ...stores,
    step: async (inquiryCommand) => ({ value: await runInquiry(inquiryCommand), replayed: false }),
    compare: compareWith(stores),
    clock: inquiryClock,
    timings: timings.local,
  });
  const charge = chargePayment({
    ...stores,
    gateway,
    breaker: (work) => work(),
    record: createRecordChargeOutcome({
      ...stores,
      capturePayment: createCapturePayment(stores),
      clock,
      by: 'charge-payment',
    }),
    clock,
    timings: timings.local,
  });

  return {
    tables,
    stores,
    accept: acceptPayment({
      ...stores,
      accept: createAcceptPayment(stores),
      clock,
      checkout,
      timings: { unclaimedTimeoutMs: 1, holdExpiryMs: timings.local.holdExpiryMs },
      returnOrigins: ['https://shop.example'],
    }),
    charge: (paymentId: string) => charge({ subject: paymentId, id: eventIdOf(paymentId, 1) }),
    inquire: (subject: string) => inquire({ id: 'event', subject, time: '' }, {} as Context),
    /** Delivers a message to the inquirer. */
    deliverInquiry: (event: Parameters<typeof inquire>[0]) => inquire(event, {} as Context),
    compensationSteps: [
      restoreStock({ ...stores, compensate }),
      restoreBalance({ ...stores, compensate }),
      releaseOrder({ ...stores, compensate }),
    ],
    finish: finish({ ...stores, transition: tryTransition, clock }),
  };
};

/** A clock that is past every in-flight window of the given one. */
export const laterThan = (clock: Clock): Clock => ({
  now: () => new Date(clock.now().getTime() + timings.local.holdExpiryMs),
});
