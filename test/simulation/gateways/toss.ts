import { cancelReasonOf } from '../../../shared/gateway/toss/outcomes.ts';
import { tossBehaviours } from '../../support/fakes/toss/behaviours.ts';
import {
  isCaptured,
  isConfirmed,
  isSettled,
  paidCancels,
  paymentAt,
} from '../../support/fakes/toss/payments.ts';
import type { TossEvent } from '../../support/fakes/toss/responses.ts';
import { createTossServer } from '../../support/fakes/toss/server.ts';
import { gatewayAdapters } from './adapters.ts';
import type {
  GatewayTruth,
  GatewayWorldOptions,
  SimulatedGateway,
  SimulatedWebhook,
  WindowToOpen,
} from './gateway.ts';

const url = 'http://toss.test';
export const tossSecretKey = 'test_sk_simulation';
const tossClientKey = 'test_ck_simulation';

/** What an operator writes as the reason of a refund. */
const reasonByHand = 'by hand';

/** A model of Toss Payments. A refund in its dashboard has a reason of its own; its webhooks are not signed. */
export const createTossWorld = (options: GatewayWorldOptions): SimulatedGateway => {
  const { now, random, delays, onWebhook, keyLifetimeMs } = options;
  const toss = createTossServer({
    clock: { now: () => new Date(now()) },
    secretKey: tossSecretKey,
    clientKey: tossClientKey,
    randomId: () => random.id(),
    delays,
    keyLifetimeMs,
    onEvent: (event) => onWebhook(toWebhook(event)),
  });

  /** The payment method of each paymentKey. */
  const methods = new Map<string, string>();
  const withMethod = (paymentKey: string, paymentMethod: string): string => {
    methods.set(paymentKey, paymentMethod);

    return paymentKey;
  };

  const windowOf = ({ reference: orderId, amount, currency, clientKey = '' }: WindowToOpen) =>
    toss.openWindow({ orderId, amount, currency, clientKey });

  const truthOf = (reference: string): GatewayTruth => {
    const payments = toss.of(reference);
    const captures = payments.filter((payment) => isCaptured(payment, now()));
    const paid = captures.flatMap((payment) => paidCancels(payment, now()));
    const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

    return {
      captures: captures.length,
      captured: total(captures.map(({ totalAmount }) => totalAmount)),
      refunded: total(paid.map(({ amount }) => amount)),
      refundKeys: paid.flatMap(({ reason }) => (reason === reasonByHand ? [] : [keyIn(reason)])),
      isUndecided: payments.some((payment) => isConfirmed(payment) && !isSettled(payment, now())),
      // A payment that is not confirmed expires by itself.
      isPending: payments.some(
        (payment) =>
          (!isSettled(payment, now()) && paymentAt(payment, now()).status === 'IN_PROGRESS') ||
          payment.cancels.some(({ settlesAt }) => now() < settlesAt),
      ),
    };
  };

  return {
    adapter: 'toss',
    serve: toss.server,
    platform: (connection, adapters = gatewayAdapters) => ({
      openGateway: (_environment, { pgTimeoutMs: timeoutMs }) =>
        adapters.createTossGateway({ url, secretKey: tossSecretKey, timeoutMs, ...connection }),
      openChargeList: (_environment, { pgTimeoutMs: timeoutMs }) =>
        adapters.createTossChargeList({ url, secretKey: tossSecretKey, timeoutMs, ...connection }),
      openReferenceFinder: () => async () => undefined,
      openCheckout: () => ({ gateway: 'toss', clientKey: tossClientKey }),
      openWebhookReader: (_environment, clock) => (raw) =>
        adapters.readTossWebhook(raw, [], clock.now()),
      tokenFormat: adapters.tokenFormats.toss,
    }),
    secrets: [tossSecretKey],
    paymentMethods: [...tossBehaviours(delays).keys()],
    pages: {
      payInWindow: async (window, paymentMethod) =>
        withMethod(windowOf(window).pay(paymentMethod).paymentKey, paymentMethod),
      closeWindow: async (window) => {
        windowOf(window).close();
      },
      // The buyer authenticates inside the window.
      challengedMethods: [],
      decide: async (page) => {
        throw new Error(`Toss has no page ${page}.`);
      },
      actionUrls: () => [],
    },
    checkout: (paymentMethod, { reference: orderId, amount }) => {
      // Toss opens no window for an order that costs nothing.
      if (amount === 0) return withMethod(`none_${random.id()}`, paymentMethod);
      const window = toss.openWindow({ orderId, amount, clientKey: tossClientKey });

      return withMethod(window.pay(paymentMethod).paymentKey, paymentMethod);
    },
    methodOf: (token) => methods.get(token) ?? token,
    truthOf,
    stateOf: toss.stateOf,
    references: toss.references,
    refundByHand: async (reference, amount, key) => {
      const captured = toss.of(reference).find((payment) => isCaptured(payment, now()));
      if (!captured) return;
      await toss.server({
        method: 'POST',
        path: `/v1/payments/${captured.paymentKey}/cancel`,
        query: {},
        headers: {
          authorization: `Basic ${Buffer.from(`${tossSecretKey}:`).toString('base64')}`,
          'idempotency-key': key,
        },
        body: JSON.stringify({ cancelReason: reasonByHand, cancelAmount: amount }),
      });
    },
  };
};

/** The key that our adapter writes into the reason of a refund. */
const keyIn = (reason: string): string =>
  reason.slice(cancelReasonOf({ key: '', reference: '', amount: 0, currency: '' }).length);

const toWebhook = ({ id, type, reference, at, payment }: TossEvent): SimulatedWebhook => {
  const createdAt = new Date(at).toISOString().replace('Z', '000');
  const body = JSON.stringify({ eventType: type, createdAt, data: payment });

  return {
    id,
    type,
    reference,
    at,
    request: (now) => ({
      headers: {
        'content-type': 'application/json',
        'tosspayments-webhook-transmission-id': id,
        'tosspayments-webhook-transmission-time': now.toISOString(),
      },
      body,
    }),
  };
};
