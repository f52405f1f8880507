import { closeReview } from '../../../functions/close-review/handler.ts';
import { getReview } from '../../../functions/get-review/handler.ts';
import { evidenceIn } from '../../../functions/get-review/read-evidence.ts';
import { openReview } from '../../../functions/open-review/handler.ts';
import { differenceCase } from '../../../functions/resolve-review/difference-resolver.ts';
import { eventCase } from '../../../functions/resolve-review/event-resolver.ts';
import { resolveReview } from '../../../functions/resolve-review/handler.ts';
import { paymentCase } from '../../../functions/resolve-review/payment-resolver.ts';
import { refundCase } from '../../../functions/resolve-review/refund-resolver.ts';
import { resolveIn } from '../../../functions/resolve-review/resolve.ts';
import { settleDecidedIn } from '../../../shared/application/payments/capture-payment.ts';
import {
  bookRecordedIn,
  failRefundIn,
  settleRefundIn,
} from '../../../shared/application/refunds/settle-refund.ts';
import { openReviewIn } from '../../../shared/application/reviews/open-review.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Order, Product } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { eventFrom } from '../../../shared/domain/payments/payment-events.ts';
import type { TransitionName } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import type { Decision, Review } from '../../../shared/domain/reviews/review.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type {
  CancelOutcome,
  InquiryOutcome,
  RefundInquiryOutcome,
} from '../../../shared/gateway/payment-gateway.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../shared/http/routes.ts';
import { balancesIn } from '../../../shared/persistence/balance-repository.ts';
import { compensationsIn } from '../../../shared/persistence/compensation-repository.ts';
import { ordersIn } from '../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../shared/persistence/product-repository.ts';
import { refundsIn } from '../../../shared/persistence/refund-repository.ts';
import { reviewsIn } from '../../../shared/persistence/review-repository.ts';
import { aBalance, anOrder, aPayment, aProduct, noon } from '../../support/builders/builders.ts';
import { moved } from '../../support/builders/payment-history.ts';
import { later } from '../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { call } from '../../support/harness/invoke-handler.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Reviews: ['reviewId'],
  Balances: ['userId'],
  Products: ['sku'],
  Compensations: ['paymentId', 'target'],
};

/** A gateway that has what it is told to have, and counts what it is asked. */
const aGateway = () => {
  const asked: string[] = [];
  const answers: Answers = {
    inquire: { outcome: 'not-found' },
    cancel: { outcome: 'cancelled' },
    inquireRefund: { outcome: 'not-found' },
  };
  const say = async <O extends keyof Answers>(operation: O): Promise<Answers[O]> => {
    asked.push(operation);

    return answers[operation];
  };

  return {
    asked,
    says: (given: Partial<Answers>) => void Object.assign(answers, given),
    /** It has captured so much, all as it was asked for or not, and has refunded so much of it. */
    has: (captured: number, refunded = 0, differences: readonly string[] = []) => {
      const charge = { transactionId: 'txn_1', captured, refunded };
      const approvedAt = noon.toISOString();
      answers.inquire =
        differences.length > 0
          ? { outcome: 'mismatch', ...charge, differences }
          : { outcome: 'approved', ...charge, approvedAt };
    },
    inquire: () => say('inquire'),
    cancel: () => say('cancel'),
    inquireRefund: () => say('inquireRefund'),
  };
};

interface Answers {
  inquire: InquiryOutcome;
  cancel: CancelOutcome;
  inquireRefund: RefundInquiryOutcome;
}

/** The tables, and everybody who has to do with reviews over them. */
export const aDesk = (turn?: () => Promise<unknown>) => {
  const gateway = aGateway();
  const tables = new MemoryDynamo(keys, turn);
  const db = tables.client;
  const stores = {
    db,
    orders: ordersIn(db, 'Orders'),
    payments: paymentsIn(db, 'Payments'),
    refunds: refundsIn(db, 'Refunds'),
    reviews: reviewsIn(db, 'Reviews'),
    balances: balancesIn(db, 'Balances'),
    products: productsIn(db, 'Products'),
    compensations: compensationsIn(db, 'Compensations'),
  };
  const clock = { now: () => later(3_600) };
  const asking = { gateway, clock, timings: timings.local };
  const books = { settle: settleRefundIn(stores), fail: failRefundIn(stores) };
  const cases = {
    payment: paymentCase({ ...stores, ...asking, settle: settleDecidedIn(stores) }),
    refund: refundCase({ ...stores, ...asking, ...books }),
    'gateway-difference': differenceCase({ ...stores, ...asking, book: bookRecordedIn(stores) }),
    event: eventCase(stores),
  };
  const resolving = httpHandler(resolveReview({ resolve: resolveIn({ ...stores, cases }), clock }));
  const getting = httpHandler(getReview({ ...stores, gather: evidenceIn(stores) }));
  const only = <T>(table: string) => tables.items<T>(table)[0] as T;

  return {
    tables,
    stores,
    gateway,
    open: openReview({ open: openReviewIn(stores) }),
    close: closeReview(stores),
    get: (reviewId: string, buyer = 'olivia', scope = operatorScope) =>
      call(getting, { method: 'GET', path: `/operator/reviews/${reviewId}`, buyer, scope }),
    resolve: (reviewId: string, decision: Decision | string, wish: Wish = {}) =>
      call(resolving, {
        method: 'POST',
        path: `/operator/reviews/${reviewId}/resolve`,
        buyer: wish.by ?? 'olivia',
        scope: wish.scope ?? operatorScope,
        body: { decision, reason: wish.reason ?? 'The PG said so.' },
      }),
    payment: () => only<Payment>('Payments'),
    refund: () => only<Refund>('Refunds'),
    order: () => only<Order>('Orders'),
    review: () => only<Review>('Reviews'),
    books: () => {
      const { available, held, spent } = only<Balance>('Balances');
      const { reserved, sold } = only<Product>('Products');

      return { available, held, spent, reserved, sold };
    },
  };
};

interface Wish {
  readonly by?: string;
  readonly scope?: string;
  readonly reason?: string;
}

/** What the last move of a payment or a refund is told by. */
export const toldOf = <E extends DomainEvent>(
  of: 'payment' | 'refund',
  before: Payment | Refund,
  after: Payment | Refund,
): E => eventFrom({ of, before, after }) as E;

/** Two teas for 5,000 KRW, of 10,000 that alice has; the payment went these ways, the last of which put it under review. */
export const aReviewedPayment = async (
  names: readonly TransitionName[],
  given: Partial<Payment> = {},
  turn?: () => Promise<unknown>,
) => {
  const desk = aDesk(turn);
  const order = anOrder({ orderId: 'ord_1', userId: 'alice' });
  const accepted = { ...aPayment({ order, paymentId: 'pay_1' }), ...given };
  const versions = [accepted];
  for (const name of names) versions.push(moved(versions.at(-1) as Payment, name));
  const [before, payment] = versions.slice(-2) as [Payment, Payment];
  desk.tables.put('Payments', payment);
  desk.tables.put('Orders', {
    ...order,
    status: 'PAYING',
    activePaymentId: 'pay_1',
    version: 2,
  });
  desk.tables.put('Balances', aBalance({ userId: 'alice', available: 5_000, held: 5_000 }));
  desk.tables.put('Products', aProduct({ sku: 'tea', available: 98, reserved: 2 }));
  const opened: DomainEvent<'PaymentReviewOpened'> = toldOf('payment', before, payment);

  return { ...desk, opened, before: payment };
};

/** The same, and on the operators' list. */
export const anOpenReview = async (...args: Parameters<typeof aReviewedPayment>) => {
  const reviewed = await aReviewedPayment(...args);
  await reviewed.open(reviewed.opened);

  return { ...reviewed, reviewId: reviewed.review().reviewId };
};
