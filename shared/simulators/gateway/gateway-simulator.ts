import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { parseJson } from '../../domain/json.ts';
import type { Clock } from '../../domain/time.ts';
import {
  cancellationBody,
  chargeBody,
  simulatorRefundBody,
} from '../../gateway/simulator/protocol.ts';
import { type DocumentStore, updateDocument } from '../document-store.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
  type PlainServer,
  publicUrlOf,
} from '../plain-http.ts';
import { newAccount, type SimulatorAccount } from './account.ts';
import {
  type Behaviour,
  behaviours,
  type Delays,
  defaultDelays,
  immediateRefund,
  mismatchedMethod,
} from './behaviours.ts';
import { showChallenge, submitChallenge, unknownChallengePage } from './challenge-page.ts';
import { challengeIdOf, findChallenge, referenceOfChallenge } from './challenges.ts';
import { cancel, charge, inquire } from './charges.ts';
import { listMovements, listPage } from './listing.ts';
import { inquireRefund, refund } from './refunds.ts';
import type { AccountUpdate } from './responses.ts';
import { webhookEventsFor } from './webhook-events.ts';
import { type WebhookSender, webhookEndpointBody } from './webhook-sender.ts';
import { showWindow, submitWindow } from './window.ts';
import { isUsableFor, methodBehindToken } from './window-token.ts';

export interface GatewaySimulatorProps {
  /** The accounts by our reference. */
  readonly accounts: DocumentStore<SimulatorAccount>;
  /** The fingerprint of the first request by idempotency key. */
  readonly keys: DocumentStore<string>;
  readonly clock: Clock;
  /** For the ids of pages, which only the buyer may know. */
  readonly randomId: () => string;
  readonly delays?: Delays;
  /** Absent if nothing can be sent in the background: then no endpoint can be registered. */
  readonly webhooks?: WebhookSender;
}

/** A simulated payment gateway with idempotency keys, inquiries, cancellations and refunds. */
export const createGatewaySimulator = ({
  accounts,
  keys,
  clock,
  randomId,
  delays = defaultDelays,
  webhooks,
}: GatewaySimulatorProps): PlainServer => {
  const behavioursByMethod = behaviours(delays);
  const behaviourOf = (paymentMethod: string): Behaviour | undefined =>
    behavioursByMethod.get(methodBehindToken(paymentMethod));
  const now = () => clock.now().getTime();
  const contextOf = (request: PlainRequest) => ({ now: now(), pagesUrl: publicUrlOf(request) });
  const updateAccount = async (
    reference: string,
    work: (account: SimulatorAccount) => AccountUpdate,
  ) => {
    const { response, events } = await updateDocument(
      accounts,
      reference,
      (stored = newAccount(reference)) => {
        const { value, result } = work(stored);

        return {
          value,
          result: { response: result, events: webhookEventsFor(stored, value, behaviourOf) },
        };
      },
    );
    webhooks?.schedule(events);

    return response;
  };

  /** Runs `work` if the body is valid and its key was never used with a different request. */
  const withIdempotencyKey = async <Body>(
    { headers, body, path }: PlainRequest,
    schema: z.ZodType<Body>,
    work: (key: string, body: Body) => Promise<PlainResponse>,
  ): Promise<PlainResponse> => {
    const key = headers['idempotency-key'];
    const parsed = schema.safeParse(parseJson(body));
    if (!key || !parsed.success) return jsonReply(400, { code: 'invalid_request' });

    const fingerprint = createHash('sha256')
      .update(JSON.stringify([path, parsed.data]))
      .digest('hex');
    const storedFingerprint = await updateDocument(keys, key, (stored = fingerprint) => ({
      value: stored,
      result: stored,
    }));

    return storedFingerprint === fingerprint
      ? work(key, parsed.data)
      : jsonReply(422, { code: 'idempotency_key_reused' });
  };

  const handleCharge = (request: PlainRequest) =>
    withIdempotencyKey(request, chargeBody, async (key, body) => {
      const named = behaviourOf(body.paymentMethod);
      if (!named) return jsonReply(400, { code: 'unknown_payment_method' });
      const behaviour = isUsableFor(body.paymentMethod, body) ? named : mismatchedMethod;

      return updateAccount(body.reference, (account) =>
        charge(
          account,
          { key, body, behaviour, challengeId: challengeIdOf(body.reference, randomId()) },
          contextOf(request),
        ),
      );
    });

  const handleRefund = (request: PlainRequest) =>
    withIdempotencyKey(request, simulatorRefundBody, (key, body) =>
      updateAccount(body.reference, (account) => {
        const [firstCharge] = account.charges;
        const behaviour =
          (firstCharge && behaviourOf(firstCharge.paymentMethod)?.refund) ?? immediateRefund;

        return refund(account, { key, body, behaviour }, now());
      }),
    );

  const readAccount = async (reference: string): Promise<SimulatorAccount> =>
    (await accounts.read(reference))?.value ?? newAccount(reference);

  const list = async ({ reference, limit, after = '' }: PlainRequest['query']) => {
    if (limit !== undefined) {
      return /^[1-9]\d{0,3}$/.test(limit)
        ? jsonReply(200, listPage(await accounts.list(), { limit: Number(limit), after }, now()))
        : jsonReply(400, { code: 'invalid_request' });
    }
    if (reference === undefined) return jsonReply(200, listMovements(await accounts.list(), now()));
    const stored = await accounts.read(reference);

    return jsonReply(200, listMovements(stored ? [stored.value] : [], now()));
  };

  const handleChallenge = async (id: string, { method, body }: PlainRequest) => {
    const reference = referenceOfChallenge(id);
    const shown = findChallenge(await readAccount(reference), id, behaviourOf, now());
    if (!shown) return unknownChallengePage;
    if (method === 'GET') return showChallenge(shown);

    return updateAccount(reference, (account) => {
      // An account keeps its charges.
      const found = findChallenge(account, id, behaviourOf, now()) ?? shown;

      return submitChallenge(account, found, { body, now: now() });
    });
  };

  const register = ({ body }: PlainRequest): PlainResponse => {
    const { data } = webhookEndpointBody.safeParse(parseJson(body));
    if (!webhooks) return jsonReply(404, { code: 'no_such_route' });
    if (!data) return jsonReply(400, { code: 'invalid_request' });
    webhooks.register(data);

    return jsonReply(200, { url: data.url });
  };

  return async (request) => {
    const { method, path, query } = request;
    const [resource, id = ''] = path.split('/').slice(1).map(decodeURIComponent);

    switch (`${method} /${resource}${id && '/{id}'}`) {
      case 'POST /charges':
        return handleCharge(request);
      case 'GET /charges/{id}':
        return inquire(await readAccount(id), contextOf(request));
      case 'GET /charges':
        return list(query);
      case 'POST /cancellations':
        return withIdempotencyKey(request, cancellationBody, (_key, body) =>
          updateAccount(body.reference, (account) => cancel(account, now())),
        );
      case 'POST /refunds':
        return handleRefund(request);
      case 'GET /refunds/{id}':
        return inquireRefund(await readAccount(query.reference ?? ''), id, now());
      case 'GET /window':
        return showWindow(request);
      case 'POST /window':
        return submitWindow(request, behavioursByMethod);
      case 'GET /challenge/{id}':
      case 'POST /challenge/{id}':
        return handleChallenge(id, request);
      case 'PUT /webhook-endpoint':
        return register(request);
      case 'GET /webhooks':
        return jsonReply(200, { webhooks: webhooks?.sent(query.reference ?? '') ?? [] });
      default:
        return jsonReply(404, { code: 'no_such_route' });
    }
  };
};
