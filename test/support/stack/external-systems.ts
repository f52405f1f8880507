import { randomUUID } from 'node:crypto';
import { setGatewayListening, setSinkBehaviour } from '../../../dev/faults/external-systems.ts';
import type { Listing } from '../../../shared/simulators/gateway/listing.ts';
import type { SentWebhook } from '../../../shared/simulators/gateway/webhook-sender.ts';
import type { ReceivedDelivery } from '../../../shared/simulators/sinks/delivery.ts';
import type { BehaviourBody } from '../../../shared/simulators/sinks/rule.ts';
import { stack } from './aws-clients.ts';
import { isDirectOnly } from './transports.ts';

const getJson = async <T>(url: string): Promise<T> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);

  return (await response.json()) as T;
};

/** Moves money at the simulated gateway without the service. */
const postToPg = async (path: '/charges' | '/refunds', money: object) => {
  const response = await fetch(`${stack.simulatorUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ currency: 'KRW', ...money }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
};

/** The simulated gateway: its charges by payment or in total, its webhooks, its outages. */
export const pg = {
  charge: (reference: string, amount: number) =>
    postToPg('/charges', { reference, amount, paymentMethod: 'sim_approve' }),
  refund: (reference: string, amount: number) => postToPg('/refunds', { reference, amount }),

  chargesOf: (paymentId: string): Promise<Listing> =>
    getJson(`${stack.simulatorUrl}/charges?reference=${encodeURIComponent(paymentId)}`),
  allCharges: (): Promise<Listing> => getJson(`${stack.simulatorUrl}/charges`),
  /** Whether the stack has an address for webhooks. */
  sendsWebhooks: !isDirectOnly,

  /** Webhooks sent for a payment, with the result of each attempt. */
  async webhooksOf(paymentId: string): Promise<readonly SentWebhook[]> {
    const url = `${stack.simulatorUrl}/webhooks?reference=${encodeURIComponent(paymentId)}`;

    return (await getJson<{ webhooks: SentWebhook[] }>(url)).webhooks;
  },

  /** Runs `work` while the gateway refuses connections. */
  async whileDown<T>(work: () => Promise<T>): Promise<T> {
    await setGatewayListening(stack, false);
    try {
      return await work();
    } finally {
      await setGatewayListening(stack, true);
    }
  },
};

const createSinkClient = (sinkUrl: string) => ({
  async received(paymentId: string): Promise<readonly ReceivedDelivery[]> {
    const url = `${sinkUrl}/received?paymentId=${encodeURIComponent(paymentId)}`;
    const { deliveries } = await getJson<{ deliveries: ReceivedDelivery[] }>(url);

    return deliveries;
  },

  /** Sets how it responds, for the given payments or events. */
  behave: (body: BehaviourBody): Promise<void> => setSinkBehaviour(sinkUrl, body),
});

export const dataPlatform = createSinkClient(stack.sinks.dataPlatformUrl);
export const notifications = createSinkClient(stack.sinks.notificationsUrl);
