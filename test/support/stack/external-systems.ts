import { randomUUID } from 'node:crypto';
import { behave, letPgListen } from '../../../dev/faults/external-systems.ts';
import type { Listing } from '../../../shared/simulators/gateway/listing.ts';
import type { SentWebhook } from '../../../shared/simulators/gateway/webhook-sender.ts';
import type { Delivery } from '../../../shared/simulators/sinks/delivery.ts';
import type { BehaviourBody } from '../../../shared/simulators/sinks/rule.ts';
import { stack } from './aws-clients.ts';
import { isDirectOnly } from './transports.ts';

const read = async <T>(url: string): Promise<T> => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);

  return (await answer.json()) as T;
};

/** Has the simulated PG move money that the service has not asked for. */
const moveAtPg = async (path: '/charges' | '/refunds', money: object) => {
  const answer = await fetch(`${stack.simulatorUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ currency: 'KRW', ...money }),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
};

/** What the simulated PG has moved: for one of our references, or ever. */
export const pg = {
  charge: (reference: string, amount: number) =>
    moveAtPg('/charges', { reference, amount, paymentMethod: 'sim_approve' }),
  refund: (reference: string, amount: number) => moveAtPg('/refunds', { reference, amount }),

  of: (paymentId: string): Promise<Listing> =>
    read(`${stack.simulatorUrl}/charges?reference=${encodeURIComponent(paymentId)}`),
  ever: (): Promise<Listing> => read(`${stack.simulatorUrl}/charges`),
  /** Whether there is anything that its webhooks could be sent to. */
  sendsWebhooks: !isDirectOnly,

  /** What it has told of one of our references, and whether we took it. */
  async told(paymentId: string): Promise<readonly SentWebhook[]> {
    const asked = `${stack.simulatorUrl}/webhooks?reference=${encodeURIComponent(paymentId)}`;

    return (await read<{ webhooks: SentWebhook[] }>(asked)).webhooks;
  },

  /** Does the work while the PG refuses connections. */
  async downDuring<T>(work: () => Promise<T>): Promise<T> {
    await letPgListen(stack, false);
    try {
      return await work();
    } finally {
      await letPgListen(stack, true);
    }
  },
};

const sink = (url: string) => ({
  async received(paymentId: string): Promise<readonly Delivery[]> {
    const asked = `${url}/received?paymentId=${encodeURIComponent(paymentId)}`;
    const { deliveries } = await read<{ deliveries: Delivery[] }>(asked);

    return deliveries;
  },

  /** How it answers from now on, for the payments or events named. */
  behave: (body: BehaviourBody): Promise<void> => behave(url, body),
});

export const dataPlatform = sink(stack.sinks.dataPlatformUrl);
export const notifications = sink(stack.sinks.notificationsUrl);
