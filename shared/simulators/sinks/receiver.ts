import { parseJson } from '../../domain/json.ts';
import type { Clock } from '../../domain/time.ts';
import { type DocumentStore, updateDocument } from '../document-store.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
  type PlainServer,
} from '../plain-http.ts';
import { findEventId, findPaymentId, type ReceivedDelivery, recordAttempt } from './delivery.ts';
import { behaviourBody, consumeRule, isActive, matchAll, type Rule, toRules } from './rule.ts';

export interface ReceiverProps {
  /** The deliveries by event id. */
  readonly deliveries: DocumentStore<ReceivedDelivery>;
  /** The rules by target. */
  readonly rules: DocumentStore<Rule>;
  readonly clock: Clock;
}

/**
 * An external system that consumers deliver to: every POST is a delivery, GET /received lists them
 * (`?paymentId=`, `?eventId=`), PUT /behaviour makes it fail or respond slowly. A duplicate event id gets a
 * success response and has no second effect.
 */
export const createReceiver = ({ deliveries, rules, clock }: ReceiverProps): PlainServer => {
  /** Returns the rule of the most specific target that has one, and uses up one of its attempts. */
  const takeRule = async (targets: readonly (string | undefined)[]): Promise<Rule | undefined> => {
    for (const target of targets) {
      if (target === undefined || !(await rules.read(target))) continue;
      const rule = await updateDocument(rules, target, (stored) => consumeIfActive(stored, target));
      if (isActive(rule)) return rule;
    }

    return undefined;
  };

  const receive = async (request: PlainRequest): Promise<PlainResponse> => {
    const eventId = findEventId(request);
    if (!eventId) return jsonReply(400, { code: 'event_id_missing' });

    const paymentId = findPaymentId(eventId, parseJson(request.body));
    const rule = await takeRule([eventId, paymentId, matchAll]);
    const status = rule?.status ?? 200;
    const delivery = await updateDocument(deliveries, eventId, (stored) => {
      const value = recordAttempt(stored, eventId, request, { status, at: clock.now() });

      return { value, result: value };
    });

    return jsonReply(status, { eventId, duplicate: delivery.duplicates > 0 }, rule?.delayMs);
  };

  const setBehaviour = async (request: PlainRequest): Promise<PlainResponse> => {
    const parsed = behaviourBody.safeParse(parseJson(request.body));
    if (!parsed.success) return jsonReply(400, { code: 'invalid_request' });

    const newRules = toRules(parsed.data);
    const isFullReset = Object.keys(parsed.data).length === 0;
    const cleared = isFullReset
      ? (await rules.list()).map((rule) => ({ ...rule, remainingAttempts: 0 }))
      : [];
    for (const rule of [...cleared, ...newRules]) {
      await updateDocument(rules, rule.target, () => ({ value: rule, result: rule }));
    }

    return jsonReply(200, { rules: newRules.filter(isActive) });
  };

  const listDeliveries = async ({ query }: PlainRequest): Promise<PlainResponse> => {
    const found = (await deliveries.list()).filter(
      ({ eventId, paymentId }) =>
        (query.eventId === undefined || query.eventId === eventId) &&
        (query.paymentId === undefined || query.paymentId === paymentId),
    );

    return jsonReply(200, {
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
    if (request.method === 'GET' && request.path === '/received') return listDeliveries(request);
    if (request.method === 'PUT' && request.path === '/behaviour') return setBehaviour(request);

    return jsonReply(404, { code: 'no_such_route' });
  };
};

const consumeIfActive = (stored: Rule | undefined, target: string) => {
  const rule = stored ?? { target, status: 200, delayMs: 0, remainingAttempts: 0 };

  return {
    value: isActive(rule) && rule.remainingAttempts !== 'all' ? consumeRule(rule) : rule,
    result: rule,
  };
};

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
