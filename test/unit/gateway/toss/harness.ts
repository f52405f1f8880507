import { onTestFinished } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import type { ChargeReference } from '../../../../shared/gateway/payment-gateway.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { createTossServer } from '../../../support/fakes/toss/server.ts';

export const timeoutMs = 8_000;
export const secretKey = 'test_sk_docs';
export const clientKey = 'test_ck_docs';

export const order = { reference: 'pay-01', amount: 4_000, currency: 'KRW' };
export const key = 'chg:pay-01:1';
export const charge = { ...order, key, paymentMethod: 'tgen_1' };

/** A time in Toss's format. */
export const at = '2026-01-05T18:00:00+09:00';

/** A gateway that answers every request with the given response. */
export const startFixedResponse = async (status: number, body: unknown) => {
  const pg = await startFaultyGateway(respondWith(status, body));
  const gateway = createTossGateway({
    url: pg.url,
    secretKey,
    timeoutMs,
    timers: createManualTimers(),
    exchange: sendHttp,
  });

  return { gateway, ...pg };
};

/** A Toss server whose checkout window the buyer has paid in. The server stops at the end of the test. */
export const createTossHarness = async ({
  randomId,
}: {
  readonly randomId?: () => string;
} = {}) => {
  const timers = createManualTimers();
  const toss = createTossServer({
    clock: timers,
    secretKey,
    clientKey,
    ...(randomId && { randomId }),
  });
  const { url, close } = await listen(toss.server, { timers });
  onTestFinished(close);
  const gateway = createTossGateway({ url, secretKey, timeoutMs, timers, exchange: sendHttp });

  /** The buyer opens the window with what our API returned, pays, and the page gets the paymentKey. */
  const payInWindow = (
    { reference: orderId, amount }: Pick<ChargeReference, 'reference' | 'amount'> = order,
    method = 'toss_approve',
  ): string => toss.openWindow({ orderId, amount, clientKey }).pay(method).paymentKey;

  return { timers, toss, gateway, payInWindow, paymentMethod: payInWindow() };
};
