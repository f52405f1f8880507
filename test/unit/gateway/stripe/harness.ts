import { listen } from '../../../../dev/local/http-server.ts';
import { answering, brokenPg } from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import { manualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { stripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { stripeContract } from '../../../support/fakes/stripe/server.ts';

export const timeoutMs = 8_000;
export const secretKey = 'sk_test_123';

export const order = { reference: 'pay-1', amount: 4_000, currency: 'KRW' };
export const charge = { ...order, key: 'chg:pay-1:1', paymentMethod: 'pm_approve' };

/** Something that answers each request with this, whatever it is. */
export const answered = async (status: number, body: unknown) => {
  const pg = await brokenPg(answering(status, body));
  const gateway = stripeGateway({ url: pg.url, secretKey, timeoutMs, timers: manualTimers() });

  return { gateway, ...pg };
};

export const aStripe = async (options: Partial<Parameters<typeof stripeContract>[0]> = {}) => {
  const timers = manualTimers();
  const stripe = stripeContract({ timers, ...options });
  const { url, close } = await listen(stripe.server, { timers });
  const gateway = stripeGateway({ url, secretKey, timeoutMs, timers });

  return { timers, gateway, url, close, books: () => stripe.books(order.reference) };
};
