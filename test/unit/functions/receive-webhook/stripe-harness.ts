import { randomUUID } from 'node:crypto';
import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import Stripe from 'stripe';
import { getOperatorTimeline } from '../../../../functions/get-operator-timeline/handler.ts';
import { createCompareWithGateway } from '../../../../functions/inquire-payment/compare-with-gateway.ts';
import { handleWebhook, receiveWebhook } from '../../../../functions/receive-webhook/handler.ts';
import { reconcileLedger } from '../../../../functions/reconcile-ledger/handler.ts';
import { resolveReview } from '../../../../functions/resolve-review/handler.ts';
import { createResolveReview } from '../../../../functions/resolve-review/resolve.ts';
import { createResolvers } from '../../../../functions/resolve-review/resolvers.ts';
import { createStoreProposal } from '../../../../functions/resolve-review/store-proposal.ts';
import { createRequestInquiry } from '../../../../shared/application/payments/request-inquiry.ts';
import { createDifferenceReviews } from '../../../../shared/application/reviews/difference-reviews.ts';
import { createDisputeReviews } from '../../../../shared/application/reviews/dispute-reviews.ts';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { parsePointsRate } from '../../../../shared/domain/points/points-rate.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import { createStripeReferenceFinder } from '../../../../shared/gateway/stripe/find-reference.ts';
import { readStripeWebhook } from '../../../../shared/gateway/stripe/webhook.ts';
import type { WebhookReference } from '../../../../shared/gateway/webhook.ts';
import { verifyWebhook } from '../../../../shared/gateway/webhook-reader.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import { idempotent } from '../../../../shared/lambda/idempotency.ts';
import { createQueuedEventParser } from '../../../../shared/lambda/queued-event.ts';
import { createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { createConsumerStatusReader } from '../../../../shared/persistence/consumer-status.ts';
import { createReconciliationReader } from '../../../../shared/persistence/reconciliation-reader.ts';
import { apiGatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import { noon } from '../../../support/builders/builders.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { sendToPlainServer } from '../../../support/fakes/plain-exchange.ts';
import type { StripeEvent } from '../../../support/fakes/stripe/responses.ts';
import { createStripeServer } from '../../../support/fakes/stripe/server.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import { call, invokeHandler } from '../../../support/harness/invoke-handler.ts';
import {
  buyer,
  orderId,
  paymentId,
  putTeaOrder,
  tenders,
} from '../../../support/harness/tea-order.ts';

const secret = 'whsec_test';

/** An event as Stripe sends it. */
const signedRequest = ({ id, type, object }: StripeEvent, now: Date, signedWith = secret) => {
  const payload = JSON.stringify({ id, object: 'event', type, data: { object } });
  const timestamp = Math.floor(now.getTime() / 1_000);
  const signature = { timestamp, payload, secret: signedWith };

  return apiGatewayEvent({
    method: 'POST',
    path: '/webhooks/pg',
    headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString(signature) },
    body: payload,
  });
};

/** Alice has paid 500 from the balance and 1,500 at Stripe's contract server, which sends webhooks. */
export const aPaymentAtStripe = async () => {
  const timers = createManualTimers(noon.getTime());
  const webhooks: StripeEvent[] = [];
  const queue: string[] = [];
  const stripe = createStripeServer({ clock: timers, onEvent: (event) => webhooks.push(event) });
  const exchange = sendToPlainServer(stripe.server);
  const options = {
    ...{ url: 'http://stripe.test', secretKey: 'sk_test_123', timeoutMs: 8_000 },
    ...{ timers, exchange },
  };
  const gateway = createStripeGateway(options);
  const { charges } = createStripeChargeList(options);
  const shared = { gateway, clock: timers, timings: timings.local };
  const checkout = createCheckoutHarness({
    turn: async () => {},
    gateway,
    clock: timers,
    inquiryClock: timers,
    compareWith: (stores) =>
      createCompareWithGateway({
        ...{ ...stores, ...shared },
        disputes: createDisputeReviews(stores),
        differences: createDifferenceReviews(stores),
      }),
  });
  const { tables, stores } = checkout;
  const db = tables.client;
  putTeaOrder(tables);
  const body = { orderId, paymentMethod: 'pm_card_visa', balanceAmount: tenders.balance };
  await checkout.accept({ buyer, key: 'k', body, traceparent });
  await checkout.charge(paymentId);

  const handle = handleWebhook({
    ...stores,
    referenceOf: createStripeReferenceFinder(options),
    requestInquiry: createRequestInquiry({
      sqs: {
        send: async (command: unknown) =>
          queue.push((command as SendMessageCommand).input.MessageBody ?? ''),
      },
      ...{ queueUrl: 'inquiries', clock: timers, randomId: randomUUID, by: 'webhook' },
    }),
  });
  const keyOf = ({ id }: WebhookReference) => id;
  const { store } = createMemoryIdempotencyTable();
  const webhookHandler = httpHandler(
    receiveWebhook({
      read: verifyWebhook(readStripeWebhook, { secret: async () => [secret], clock: timers }),
      handle: idempotent({ ...store, name: 'receive-webhook', keyOf }, handle),
    }),
  );
  const receive = (event: StripeEvent, signedWith?: string) =>
    invokeHandler(webhookHandler, signedRequest(event, timers.now(), signedWith));
  const parse = createQueuedEventParser(subscriptions['inquire-payment']);

  const ledger = httpHandler(
    reconcileLedger({
      createReader: (onRead) =>
        createReconciliationReader({ db, tables: tableNames, charges, onRead }),
      budget: { maxItems: 1_000, maxDurationMs: 20_000 },
      clock: timers,
    }),
  );
  const timeline = httpHandler(
    getOperatorTimeline({
      ...stores,
      consumerStatus: createConsumerStatusReader(db, tableNames, { clock: timers }),
      timings: timings.local,
    }),
  );
  const audits = createAuditLog(db, 'Audits');
  const resolve = httpHandler(
    resolveReview({
      resolve: createResolveReview({
        ...stores,
        resolvers: createResolvers({ ...stores, ...shared, rate: parsePointsRate('1') }),
        storeProposal: createStoreProposal({ ...stores, audits }),
        approvalAmount: 0,
      }),
      clock: timers,
    }),
  );
  const asOperator = { buyer: 'olivia', scope: operatorScope };

  /** Receives every webhook that Stripe has sent since, and makes the inquiries that they request. Returns their types. */
  const deliverWebhooks = async () => {
    const types: string[] = [];
    for (const event of webhooks.splice(0)) {
      const { status } = await receive(event);
      if (status !== 200) throw new Error(`${event.type} was answered with ${status}.`);
      types.push(event.type);
    }
    timers.advance(timings.local.inFlightWindowMs);
    for (const message of queue.splice(0)) await checkout.deliverInquiry(parse(message));

    return types;
  };
  await deliverWebhooks();

  return {
    stripe,
    webhooks,
    queue,
    receive,
    deliverWebhooks,
    intentId: stripe.captured(paymentId)[0]?.id ?? '',
    payment: () => tables.items<Payment>('Payments')[0] as Payment,
    reviews: () => tables.items<Review>('Reviews'),
    events: () =>
      tables.changes
        .filter(({ table }) => table === 'Payments')
        .flatMap((change) => eventOfChange({ of: 'payment', ...change })?.name ?? []),
    async timeline() {
      const path = `/operator/payments/${paymentId}/timeline`;
      const { body } = await call(timeline, { method: 'GET', path, ...asOperator });

      return body;
    },
    async ledger() {
      const { body } = await call(ledger, {
        method: 'GET',
        path: '/operator/ledger',
        ...asOperator,
      });

      return body;
    },
    resolve: (reviewId: string, decision: string) =>
      call(resolve, {
        ...{ method: 'POST', path: `/operator/reviews/${reviewId}/resolve`, ...asOperator },
        body: { decision, reason: 'The merchant refunded it at Stripe.' },
      }),
  };
};
