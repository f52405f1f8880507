import { signedHeaders } from '../../../shared/lambda/webhook-signature.ts';
import {
  createMemoryStore,
  type VersionedDocument,
} from '../../../shared/simulators/document-store.ts';
import {
  hasFailed,
  isWaiting,
  newAccount,
  type SimulatorAccount,
  settledCaptures,
  settledRefunds,
  sumAmounts,
  unsettledCharges,
} from '../../../shared/simulators/gateway/account.ts';
import { behaviours } from '../../../shared/simulators/gateway/behaviours.ts';
import { createGatewaySimulator } from '../../../shared/simulators/gateway/gateway-simulator.ts';
import type { WebhookEvent } from '../../../shared/simulators/gateway/webhook-events.ts';
import { methodBehindToken } from '../../../shared/simulators/gateway/window-token.ts';
import type { PlainServer } from '../../../shared/simulators/plain-http.ts';
import { createPlainBrowser } from '../../support/fakes/browser.ts';
import {
  decideSimulatorChallenge,
  payInSimulatorWindow,
} from '../../support/fakes/simulator-pages.ts';
import { gatewayAdapters } from './adapters.ts';
import type {
  GatewayPages,
  GatewayTruth,
  GatewayWorldOptions,
  SimulatedGateway,
  SimulatedWebhook,
  WindowToOpen,
} from './gateway.ts';

const url = 'http://simulator.test';
const signingKeys = [Buffer.from('signing key of the simulator').toString('base64')] as const;

/**
 * Gives a request whose key is older than the lifetime a key of its own, so that the server treats it as new. A
 * refund stays known by its first key, as at a real gateway.
 */
const withKeyLifetime = (
  serve: PlainServer,
  { now, keyLifetimeMs }: Pick<GatewayWorldOptions, 'now' | 'keyLifetimeMs'>,
): PlainServer => {
  const uses = new Map<string, { readonly at: number; readonly generation: number }>();

  return (request) => {
    const { 'idempotency-key': key, ...headers } = request.headers;
    if (key === undefined) return serve(request);
    const known = uses.get(key);
    const isFresh = known !== undefined && now() - known.at < keyLifetimeMs;
    const use = isFresh ? known : { at: now(), generation: (known?.generation ?? -1) + 1 };
    uses.set(key, use);
    if (use.generation === 0) return serve(request);

    return serve({
      ...request,
      headers: { ...headers, 'idempotency-key': `${key}${forgotten}${use.generation}` },
    });
  };
};

/** Separates a forgotten key from the number of its use. */
const forgotten = '#';

/** The gateway simulator with all its behaviours. Its webhooks are handed out, not sent. */
export const createSimulatorGatewayWorld = (options: GatewayWorldOptions): SimulatedGateway => {
  const { now, random, delays, onWebhook } = options;
  const accounts = new Map<string, VersionedDocument<SimulatorAccount>>();
  const keysOfHands = new Set<string>();
  const serve = createGatewaySimulator({
    accounts: createMemoryStore(accounts),
    keys: createMemoryStore(),
    clock: { now: () => new Date(now()) },
    randomId: () => random.id(),
    delays,
    webhooks: {
      register: () => undefined,
      schedule: (events) => events.map(toWebhook).forEach(onWebhook),
      sent: () => [],
    },
  });

  const truthOf = (reference: string): GatewayTruth => {
    const account = accounts.get(reference)?.value ?? newAccount(reference);
    const captures = settledCaptures(account, now());
    const refunds = settledRefunds(account, now());
    const isUndecided =
      unsettledCharges(account, now()).length > 0 ||
      account.charges.some((charge) => isWaiting(charge, now()));
    const isUnsettled = account.refunds.some(
      (refund) =>
        !refund.rejectionCode &&
        (refund.settlesAt > now() || (refund.failsAt !== undefined && !hasFailed(refund, now()))),
    );

    return {
      captures: captures.length,
      captured: sumAmounts(captures),
      refunded: sumAmounts(refunds),
      refundKeys: refunds
        .filter(({ key }) => !keysOfHands.has(key))
        .map(({ key }) => key.split(forgotten)[0] ?? key),
      isPending: isUndecided || isUnsettled,
      isUndecided,
      ...(account.cancelledAt !== undefined && { cancelledAt: account.cancelledAt }),
    };
  };

  const all = [...behaviours(delays).keys()];

  return {
    adapter: 'simulator',
    serve: withKeyLifetime(serve, options),
    platform: (connection, adapters = gatewayAdapters) => ({
      openGateway: (_environment, { pgTimeoutMs: timeoutMs }) =>
        adapters.createSimulatorGateway({ url, timeoutMs, ...connection }),
      openChargeList: (_environment, { pgTimeoutMs: timeoutMs }) =>
        adapters.createSimulatorChargeList({ url, timeoutMs, ...connection }),
      openReferenceFinder: () => async () => undefined,
      openCheckout: () => ({ gateway: 'simulator', url: `${url}/window` }),
      openWebhookReader: (_environment, clock) =>
        adapters.verifyWebhook(adapters.readSimulatorWebhook, {
          secret: async () => signingKeys,
          clock,
        }),
      tokenFormat: adapters.tokenFormats.simulator,
    }),
    secrets: signingKeys,
    paymentMethods: all.filter((method) => !isChallenged(method)),
    pages: pagesOf(serve, {
      challengedMethods: all.filter(isChallenged),
      actionUrls: () =>
        [...accounts.values()].flatMap(({ value }) =>
          value.charges.flatMap(({ challenge }) =>
            challenge ? [`${url}/challenge/${challenge.id}`] : [],
          ),
        ),
    }),
    checkout: (method) => method,
    methodOf: methodBehindToken,
    truthOf,
    stateOf: (reference) => {
      const account = accounts.get(reference)?.value ?? newAccount(reference);

      return {
        requests: account.requests,
        captured: settledCaptures(account, now()).map(({ amount }) => amount),
        refundRequests: account.refundKeys.length,
        refunded: settledRefunds(account, now()).map(({ amount }) => amount),
      };
    },
    references: () => [...accounts.keys()],
    refundByHand: async (reference, amount, key) => {
      const [charge] = accounts.get(reference)?.value.charges ?? [];
      if (!charge) return;
      keysOfHands.add(key);
      await serve({
        method: 'POST',
        path: '/refunds',
        query: {},
        headers: { 'idempotency-key': key },
        body: JSON.stringify({ reference, amount, currency: charge.currency }),
      });
    },
  };
};

const isChallenged = (method: string): boolean => method.startsWith('sim_challenge');

/** The pages of the server, which a buyer's browser opens. */
const pagesOf = (
  serve: PlainServer,
  rest: Pick<GatewayPages, 'challengedMethods' | 'actionUrls'>,
): GatewayPages => {
  const browser = createPlainBrowser(serve);
  const decide = decideSimulatorChallenge(browser);
  const open = ({ url: page, reference }: WindowToOpen) => {
    if (page === undefined) throw new Error(`The window of ${reference} has no address.`);

    return browser.open(page);
  };

  return {
    ...rest,
    payInWindow: async (window, paymentMethod) =>
      payInSimulatorWindow(await open(window), paymentMethod),
    closeWindow: async (window) => {
      await (await open(window)).press('Cancel');
    },
    decide: (page, decision) => decide('', page, decision),
  };
};

const toWebhook = ({ id, type, reference, at }: WebhookEvent): SimulatedWebhook => {
  const body = JSON.stringify({ type, data: { reference } });

  return {
    id,
    type,
    reference,
    at,
    request: (now) => ({ headers: signedHeaders({ id, at: now, body }, signingKeys[0]), body }),
  };
};
