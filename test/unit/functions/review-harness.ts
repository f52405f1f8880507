import { closeReview } from '../../../functions/close-review/handler.ts';
import { getReview } from '../../../functions/get-review/handler.ts';
import { createEvidenceReader } from '../../../functions/get-review/read-evidence.ts';
import { openReview } from '../../../functions/open-review/handler.ts';
import { resolveReview } from '../../../functions/resolve-review/handler.ts';
import { createResolveReview } from '../../../functions/resolve-review/resolve.ts';
import { createResolvers } from '../../../functions/resolve-review/resolvers.ts';
import { createStoreProposal } from '../../../functions/resolve-review/store-proposal.ts';
import { createOpenReview } from '../../../shared/application/reviews/open-review.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Order, Product } from '../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../shared/domain/payments/payment-transitions.ts';
import { parsePointsRate } from '../../../shared/domain/points/points-rate.ts';
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
import { createAuditLog } from '../../../shared/persistence/audit-log.ts';
import { aBalance, anOrder, aPayment, aProduct, noon } from '../../support/builders/builders.ts';
import { applyTransition } from '../../support/builders/payment-history.ts';
import { later } from '../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../support/fakes/memory-repositories.ts';
import { call } from '../../support/harness/invoke-handler.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Reviews: ['reviewId'],
  Balances: ['userId'],
  Products: ['sku'],
  Compensations: ['paymentId', 'target'],
  Coupons: ['userId', 'couponId'],
  Audits: ['day', 'entry'],
};

/** A gateway with settable answers that records its calls. */
const createGatewayStub = () => {
  const calls: string[] = [];
  const answers: GatewayOutcomes = {
    inquire: { outcome: 'not-found' },
    cancel: { outcome: 'cancelled' },
    inquireRefund: { outcome: 'not-found' },
  };
  const answer = async <O extends keyof GatewayOutcomes>(
    operation: O,
  ): Promise<GatewayOutcomes[O]> => {
    calls.push(operation);

    return answers[operation];
  };

  return {
    calls,
    says: (given: Partial<GatewayOutcomes>) => void Object.assign(answers, given),
    /** Sets the captured and refunded amounts, and any differences from the request. */
    has: (captured: number, refunded = 0, differences: readonly string[] = []) => {
      const charge = { transactionId: 'txn_1', captured, refunded };
      const approvedAt = noon.toISOString();
      answers.inquire =
        differences.length > 0
          ? { outcome: 'mismatch', ...charge, differences }
          : { outcome: 'approved', ...charge, approvedAt };
    },
    inquire: () => answer('inquire'),
    cancel: () => answer('cancel'),
    inquireRefund: () => answer('inquireRefund'),
  };
};

interface GatewayOutcomes {
  inquire: InquiryOutcome;
  cancel: CancelOutcome;
  inquireRefund: RefundInquiryOutcome;
}

/** The tables, and every function that reads or writes reviews. */
export const createReviewHarness = (turn?: () => Promise<unknown>, approvalAmount = 0) => {
  const gateway = createGatewayStub();
  const tables = new MemoryDynamo(keys, turn);
  const db = tables.client;
  const stores = { ...createMemoryRepositories(db), rate: parsePointsRate('1') };
  const time = { seconds: 3_600 };
  const clock = { now: () => later(time.seconds) };
  const resolvers = createResolvers({ ...stores, gateway, clock, timings: timings.local });
  const resolveHandler = httpHandler(
    resolveReview({
      resolve: createResolveReview({
        ...stores,
        resolvers,
        storeProposal: createStoreProposal({
          ...stores,
          audits: createAuditLog(db, 'Audits'),
        }),
        approvalAmount,
      }),
      clock,
    }),
  );
  const getHandler = httpHandler(
    getReview({ ...stores, readEvidence: createEvidenceReader(stores) }),
  );
  const only = <T>(table: string) => tables.items<T>(table)[0] as T;

  return {
    tables,
    stores,
    gateway,
    time,
    open: openReview({ open: createOpenReview(stores) }),
    close: closeReview(stores),
    get: (reviewId: string, buyer = 'olivia', scope = operatorScope) =>
      call(getHandler, { method: 'GET', path: `/operator/reviews/${reviewId}`, buyer, scope }),
    resolve: (reviewId: string, decision: Decision | string, options: ResolveOptions = {}) =>
      call(resolveHandler, {
        method: 'POST',
        path: `/operator/reviews/${reviewId}/resolve`,
        buyer: options.by ?? 'olivia',
        scope: options.scope ?? operatorScope,
        body: {
          decision,
          reason: options.reason ?? 'The gateway confirmed it.',
          ...(options.dryRun !== undefined && { dryRun: options.dryRun }),
        },
      }),
    payment: () => only<Payment>('Payments'),
    refund: () => only<Refund>('Refunds'),
    order: () => only<Order>('Orders'),
    review: () => only<Review>('Reviews'),
    amounts: () => {
      const { available, held, spent } = only<Balance>('Balances');
      const { reserved, sold } = only<Product>('Products');

      return { available, held, spent, reserved, sold };
    },
  };
};

interface ResolveOptions {
  readonly by?: string;
  readonly scope?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
}

/** The event of the last transition of a payment or refund. */
export const eventBetween = <E extends DomainEvent>(
  of: 'payment' | 'refund',
  before: Payment | Refund,
  after: Payment | Refund,
): E => eventOfChange({ of, before, after }) as E;

/**
 * Alice, with 10,000 KRW, has ordered two teas for 7,000 KRW and pays 2,000 of them from the balance. These
 * transitions have put the payment under review.
 */
export const aReviewedPayment = async (
  names: readonly PaymentTransitionName[],
  given: Partial<Payment> = {},
  turn?: () => Promise<unknown>,
  approvalAmount = 0,
) => {
  const harness = createReviewHarness(turn, approvalAmount);
  const order = anOrder({
    orderId: 'ord_1',
    userId: 'alice',
    lines: [{ sku: 'tea', quantity: 2, unitPrice: 3_500 }],
  });
  const accepted = { ...aPayment({ order, paymentId: 'pay_1' }), ...given };
  const versions = [accepted];
  for (const name of names) versions.push(applyTransition(versions.at(-1) as Payment, name));
  const [before, payment] = versions.slice(-2) as [Payment, Payment];
  harness.tables.put('Payments', payment);
  harness.tables.put('Orders', {
    ...order,
    status: 'PAYING',
    activePaymentId: 'pay_1',
    version: 2,
  });
  harness.tables.put('Balances', aBalance({ userId: 'alice', available: 8_000, held: 2_000 }));
  harness.tables.put('Products', aProduct({ sku: 'tea', available: 98, reserved: 2 }));
  const opened: DomainEvent<'PaymentReviewOpened'> = eventBetween('payment', before, payment);

  return { ...harness, opened, before: payment };
};

/** The same with a stored review. */
export const anOpenReview = async (...args: Parameters<typeof aReviewedPayment>) => {
  const reviewed = await aReviewedPayment(...args);
  await reviewed.open(reviewed.opened);

  return { ...reviewed, reviewId: reviewed.review().reviewId };
};
