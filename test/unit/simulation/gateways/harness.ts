import { parseJson } from '../../../../shared/domain/json.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import type { SendHttp } from '../../../../shared/gateway/exchange.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import type { PlainServer } from '../../../../shared/simulators/plain-http.ts';
import type {
  GatewayWorldOptions,
  SimulatedGateway,
  SimulatedWebhook,
} from '../../../simulation/gateways/gateway.ts';
import { toPlainRequest } from '../../../support/fakes/plain-exchange.ts';

export const hourMs = 3_600_000;
export const delays = { slowMs: 5_000, inProgressMs: 10_000, lateMs: 20_000, searchLagMs: 0 };

/** Answers requests to hosts below .test in this process. Others, to faulty gateways, use the network. */
const inProcess =
  (serve: PlainServer): SendHttp =>
  (request, timers) => {
    const { url, timeoutMs } = request;
    if (!url.hostname.endsWith('.test')) return sendHttp(request, timers);

    return new Promise((resolve) => {
      timers.after(timeoutMs, () => resolve({ kind: 'lost', reason: 'no response' }));
      const answer = async () => {
        const response = await serve(toPlainRequest(request));
        if (response.kind === 'hang') return;
        const { status, afterMs } = response;
        const settle = () => resolve({ kind: 'answered', status, body: parseJson(response.body) });
        if (afterMs === 0) settle();
        else timers.after(afterMs, settle);
      };
      void answer();
    });
  };

/** A gateway of the simulation, the webhooks that it wants to send, and our adapter in front of it. */
export const openWorld = <World extends SimulatedGateway>(
  create: (options: GatewayWorldOptions) => World,
  options: Partial<GatewayWorldOptions> = {},
  reference = 'pay-1',
) => {
  const timers = createManualTimers();
  const webhooks: SimulatedWebhook[] = [];
  let ids = 0;
  const world = create({
    now: () => timers.now().getTime(),
    random: {
      id: () => {
        ids += 1;

        return `id-${ids}`;
      },
    },
    delays,
    onWebhook: (webhook) => webhooks.push(webhook),
    keyLifetimeMs: 24 * hourMs,
    ...options,
  });
  const exchange = inProcess(world.serve);
  const platform = world.platform({ exchange, timers });
  const order = { reference, amount: 4_000, currency: 'KRW' };

  return {
    timers,
    webhooks,
    world,
    exchange,
    platform,
    gateway: platform.openGateway({}, timings.local),
    order,
    /** The first charge of the order by a payment method. */
    chargeBy: (paymentMethod: string) => ({
      ...order,
      key: `chg:${reference}:1`,
      paymentMethod: world.checkout(paymentMethod, order),
    }),
    /** What our receiver reads from a webhook sent now. */
    read: async ({ request }: SimulatedWebhook) => {
      const { headers, body } = request(timers.now());

      return platform.openWebhookReader({}, timers)({ headers, body: Buffer.from(body) });
    },
  };
};

/** What the conformance suite needs of every world. */
export const underTest = ({
  world,
  timers,
}: Pick<ReturnType<typeof openWorld>, 'world' | 'timers'>) => ({
  timers,
  timeoutMs: 8_000,
  settledAfterMs: delays.lateMs,
  readState: async (reference: string) => world.stateOf(reference),
  close: async () => undefined,
});
