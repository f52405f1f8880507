import { listen } from '../../../../dev/local/http-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import type { Timers } from '../../../../shared/domain/time.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import type { GatewayScenario } from '../../../../shared/gateway/conformance/harness.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import type { PlainServer } from '../../../../shared/simulators/plain-http.ts';
import { intentAt } from '../../../support/fakes/stripe/intent-states.ts';
import type { StripeEvent } from '../../../support/fakes/stripe/responses.ts';
import { createStripeServer } from '../../../support/fakes/stripe/server.ts';

export const timeoutMs = 8_000;
export const secretKey = 'sk_test_123';

export const order = { reference: 'pay-1', amount: 4_000, currency: 'KRW' };
export const charge = { ...order, key: 'chg:pay-1:1', paymentMethod: 'pm_approve' };

/** A charge by a card that asks for 3-D Secure, of a buyer who can be sent to a page. */
export const challengedCharge = {
  ...charge,
  paymentMethod: 'pm_card_authenticationRequired',
  returnUrl: 'https://shop.example/paid',
};

/** The PaymentMethod with which the contract server plays a scenario. */
export const paymentMethodOf = (scenario: GatewayScenario): string =>
  scenario.startsWith('challenge-')
    ? challengedCharge.paymentMethod
    : `pm_${scenario.replaceAll('-', '_')}`;

/** The adapter for a server at `url`. */
export const stripeGatewayAt = (url: string, timers: Timers = systemTimers) =>
  createStripeGateway({ url, secretKey, timeoutMs, timers, exchange: sendHttp });

/** A gateway that answers every request with the given response. */
export const startFixedResponse = async (status: number, body: unknown) => {
  const pg = await startFaultyGateway(respondWith(status, body));
  const gateway = stripeGatewayAt(pg.url, createManualTimers());

  return { gateway, ...pg };
};

export const createStripeHarness = async (
  options: Partial<Parameters<typeof createStripeServer>[0]> = {},
) => {
  const timers = createManualTimers();
  const events: StripeEvent[] = [];
  const stripe = createStripeServer({
    clock: timers,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const requests: string[] = [];
  const server: PlainServer = (request) => {
    requests.push(`${request.method} ${request.path.replace(/pi_\w+/, 'pi')}`);

    return stripe.server(request);
  };
  const { url, close } = await listen(server, { timers });
  const gateway = stripeGatewayAt(url, timers);

  return {
    timers,
    gateway,
    url,
    close,
    stripe,
    /** The types of the events that Stripe has sent. */
    eventTypes: () => events.map(({ type }) => type),
    /** The requests that Stripe has received, without ids; forgets them. */
    takeRequests: () => requests.splice(0),
    readState: () => stripe.stateOf(order.reference),
    /** The PaymentIntent of the order now. */
    intent: () => {
      const [found] = stripe.intents.of(order.reference);
      if (!found) throw new Error('No PaymentIntent.');

      return intentAt(found, timers.now().getTime());
    },
  };
};
