import type { Clock } from '../../domain/clock.ts';
import { change, type Documents } from '../document-store.ts';
import {
  jsonOf,
  type PlainAnswer,
  type PlainRequest,
  type PlainServer,
  reply,
} from '../plain-http.ts';
import { attempted, type Delivery, eventIdOf, paymentIdOf } from './delivery.ts';
import { applies, behaviourBody, everything, type Rule, rulesOf, used } from './rule.ts';

export interface ReceiverProps {
  /** By event id. */
  readonly deliveries: Documents<Delivery>;
  /** By target. */
  readonly rules: Documents<Rule>;
  readonly clock: Clock;
}

/**
 * Somebody that the listeners deliver to: every POST is a delivery, GET /received lists them (`?paymentId=`, `?eventId=`),
 * PUT /behaviour tells it to fail or to be slow. A repeated event id is answered with a success and has no second effect.
 */
export const receiver = ({ deliveries, rules, clock }: ReceiverProps): PlainServer => {
  /** The rule of the narrowest target that has one; looking at it uses it up by one attempt. */
  const take = async (targets: readonly (string | undefined)[]): Promise<Rule | undefined> => {
    for (const target of targets) {
      if (target === undefined || !(await rules.read(target))) continue;
      const rule = await change(rules, target, (stored) => takeOne(stored, target));
      if (applies(rule)) return rule;
    }

    return undefined;
  };

  const receive = async (request: PlainRequest): Promise<PlainAnswer> => {
    const eventId = eventIdOf(request);
    if (!eventId) return reply(400, { code: 'event_id_missing' });

    const paymentId = paymentIdOf(eventId, jsonOf(request.body));
    const rule = await take([eventId, paymentId, everything]);
    const status = rule?.status ?? 200;
    const delivery = await change(deliveries, eventId, (stored) => {
      const value = attempted(stored, eventId, request, { status, at: clock.now() });

      return { value, result: value };
    });

    return reply(status, { eventId, duplicate: delivery.duplicates > 0 }, rule?.delayMs);
  };

  const behave = async (request: PlainRequest): Promise<PlainAnswer> => {
    const parsed = behaviourBody.safeParse(jsonOf(request.body));
    if (!parsed.success) return reply(400, { code: 'invalid_request' });

    const wanted = rulesOf(parsed.data);
    const isFullReset = Object.keys(parsed.data).length === 0;
    const cleared = isFullReset ? (await rules.list()).map((rule) => ({ ...rule, left: 0 })) : [];
    for (const rule of [...cleared, ...wanted]) {
      await change(rules, rule.target, () => ({ value: rule, result: rule }));
    }

    return reply(200, { rules: wanted.filter(applies) });
  };

  const list = async ({ query }: PlainRequest): Promise<PlainAnswer> => {
    const found = (await deliveries.list()).filter(
      ({ eventId, paymentId }) =>
        (query.eventId === undefined || query.eventId === eventId) &&
        (query.paymentId === undefined || query.paymentId === paymentId),
    );

    return reply(200, {
      counts: {
        attempts: total(found.map(({ attempts }) => attempts)),
        accepted: found.filter(({ accepted }) => accepted).length,
        duplicates: total(found.map(({ duplicates }) => duplicates)),
      },
      deliveries: found,
    });
  };

  return async (request) => {
    if (request.method === 'POST') return receive(request);
    if (request.method === 'GET' && request.path === '/received') return list(request);
    if (request.method === 'PUT' && request.path === '/behaviour') return behave(request);

    return reply(404, { code: 'no_such_route' });
  };
};

const takeOne = (stored: Rule | undefined, target: string) => {
  const rule = stored ?? { target, status: 200, delayMs: 0, left: 0 };

  return { value: applies(rule) && rule.left !== 'all' ? used(rule) : rule, result: rule };
};

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
