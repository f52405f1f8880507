import { listen } from '../../../../dev/local/http-server.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeServer } from '../../../support/fakes/stripe/server.ts';

export const timeoutMs = 8_000;
export const secretKey = 'sk_test_123';

export const order = { reference: 'pay-1', amount: 4_000, currency: 'KRW' };
export const charge = { ...order, key: 'chg:pay-1:1', paymentMethod: 'pm_approve' };

/** A gateway that answers every request with the given response. */
export const startFixedResponse = async (status: number, body: unknown) => {
  const pg = await startFaultyGateway(respondWith(status, body));
  const gateway = createStripeGateway({
    url: pg.url,
    secretKey,
    timeoutMs,
    timers: createManualTimers(),
    exchange: sendHttp,
  });

  return { gateway, ...pg };
};

export const createStripeHarness = async (
  options: Partial<Parameters<typeof createStripeServer>[0]> = {},
) => {
  const timers = createManualTimers();
  const stripe = createStripeServer({ clock: timers, ...options });
  const { url, close } = await listen(stripe.server, { timers });
  const gateway = createStripeGateway({ url, secretKey, timeoutMs, timers, exchange: sendHttp });

  return { timers, gateway, url, close, readState: () => stripe.stateOf(order.reference) };
};
