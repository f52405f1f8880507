import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { cancellationBody, chargeBody, refundBody } from '../../gateway/simulator/protocol.ts';
import { change, type Documents } from '../document-store.ts';
import {
  jsonOf,
  type PlainAnswer,
  type PlainRequest,
  type PlainServer,
  reply,
} from '../plain-http.ts';
import { type Account, cancel, charge, inquire, newAccount, type Step } from './account.ts';
import {
  type Behaviour,
  behaviours,
  type Delays,
  payBack,
  delays as usualDelays,
} from './behaviours.ts';
import { listing, pageOf } from './listing.ts';
import { inquireRefund, refund } from './refunds.ts';
import { newsOf } from './webhook-events.ts';
import { endpointBody, type Webhooks } from './webhook-sender.ts';

export interface SimulatorProps {
  /** By our reference. */
  readonly accounts: Documents<Account>;
  /** By idempotency key: the fingerprint of the request that it came with first. */
  readonly keys: Documents<string>;
  readonly clock: Clock;
  readonly delays?: Delays;
  /** Absent where nothing can be sent in the background: then nobody can register for it. */
  readonly webhooks?: Webhooks;
}

/** A payment gateway to rehearse with: real idempotency keys, inquiries, cancellations and refunds; no money. */
export const simulator = ({
  accounts,
  keys,
  clock,
  delays = usualDelays,
  webhooks,
}: SimulatorProps): PlainServer => {
  const known = behaviours(delays);
  const now = () => clock.now().getTime();
  const onAccount = async (reference: string, work: (account: Account) => Step) => {
    const { answer, news } = await change(accounts, reference, (stored = newAccount(reference)) => {
      const { value, result } = work(stored);

      return { value, result: { answer: result, news: newsOf(stored, value, known) } };
    });
    webhooks?.tell(news);

    return answer;
  };

  /** Runs `work` on a valid body, and only if its key was never seen with another one. */
  const keyed = async <Body>(
    { headers, body, path }: PlainRequest,
    schema: z.ZodType<Body>,
    work: (key: string, body: Body) => Promise<PlainAnswer>,
  ): Promise<PlainAnswer> => {
    const key = headers['idempotency-key'];
    const parsed = schema.safeParse(jsonOf(body));
    if (!key || !parsed.success) return reply(400, { code: 'invalid_request' });

    const fingerprint = createHash('sha256')
      .update(JSON.stringify([path, parsed.data]))
      .digest('hex');
    const first = await change(keys, key, (stored = fingerprint) => ({
      value: stored,
      result: stored,
    }));

    return first === fingerprint
      ? work(key, parsed.data)
      : reply(422, { code: 'idempotency_key_reused' });
  };

  const chargeOnce = (request: PlainRequest) =>
    keyed(request, chargeBody, async (key, body) => {
      const behaviour: Behaviour | undefined = known.get(body.paymentMethod);
      if (!behaviour) return reply(400, { code: 'unknown_payment_method' });

      return onAccount(body.reference, (account) =>
        charge(account, { key, body, behaviour }, now()),
      );
    });

  const refundOnce = (request: PlainRequest) =>
    keyed(request, refundBody, (key, body) =>
      onAccount(body.reference, (account) => {
        const [first] = account.charges;
        const behaviour = (first && known.get(first.paymentMethod)?.refund) ?? payBack;

        return refund(account, { key, body, behaviour }, now());
      }),
    );

  const accountOf = async (reference: string): Promise<Account> =>
    (await accounts.read(reference))?.value ?? newAccount(reference);

  const list = async ({ reference, limit, after = '' }: PlainRequest['query']) => {
    if (limit !== undefined) {
      return /^[1-9]\d{0,3}$/.test(limit)
        ? reply(200, pageOf(await accounts.list(), { limit: Number(limit), after }, now()))
        : reply(400, { code: 'invalid_request' });
    }
    if (reference === undefined) return reply(200, listing(await accounts.list(), now()));
    const stored = await accounts.read(reference);

    return reply(200, listing(stored ? [stored.value] : [], now()));
  };

  const register = ({ body }: PlainRequest): PlainAnswer => {
    const { data } = endpointBody.safeParse(jsonOf(body));
    if (!webhooks) return reply(404, { code: 'no_such_route' });
    if (!data) return reply(400, { code: 'invalid_request' });
    webhooks.register(data);

    return reply(200, { url: data.url });
  };

  return async (request) => {
    const { method, path, query } = request;
    const [resource, id = ''] = path.split('/').slice(1).map(decodeURIComponent);

    switch (`${method} /${resource}${id && '/{id}'}`) {
      case 'POST /charges':
        return chargeOnce(request);
      case 'GET /charges/{id}':
        return inquire(await accountOf(id), now());
      case 'GET /charges':
        return list(query);
      case 'POST /cancellations':
        return keyed(request, cancellationBody, (_key, body) =>
          onAccount(body.reference, (account) => cancel(account, now())),
        );
      case 'POST /refunds':
        return refundOnce(request);
      case 'GET /refunds/{id}':
        return inquireRefund(await accountOf(query.reference ?? ''), id, now());
      case 'PUT /webhook-endpoint':
        return register(request);
      case 'GET /webhooks':
        return reply(200, { webhooks: webhooks?.sent(query.reference ?? '') ?? [] });
      default:
        return reply(404, { code: 'no_such_route' });
    }
  };
};
