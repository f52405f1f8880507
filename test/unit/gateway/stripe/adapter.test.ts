import { describe, expect, it, vi } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import { createStripeServer, settleDelayMs } from '../../../support/fakes/stripe/server.ts';
import {
  charge,
  order,
  paymentMethodOf,
  secretKey,
  startFixedResponse,
  timeoutMs,
} from './harness.ts';

describePaymentGateway('the Stripe adapter', async () => {
  const timers = createManualTimers();
  const stripe = createStripeServer({ clock: timers });
  const { url, close } = await listen(stripe.server, { timers });
  const options = { secretKey, timeoutMs, timers, exchange: sendHttp };

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: settleDelayMs,
    paymentMethod: paymentMethodOf,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: false,
    keepsDeclinedRefunds: false,
    hasChallenge: true,
    decideChallenge: async (_reference, page, decision) => {
      stripe.challenges.decide(page, decision);
    },
    gatewayAt: (to) => createStripeGateway({ url: to, ...options }),
    chargeListAt: (to) => createStripeChargeList({ url: to, ...options, pageSize: 2 }),
    readState: async (reference) => stripe.stateOf(reference),
    close,
  };
});

describe('Stripe adapter', () => {
  it.each([
    ['a wrong key', 401, { type: 'invalid_request_error' }],
    ['an expired key', 401, { type: 'invalid_request_error', code: 'api_key_expired' }],
    ['a restricted key', 403, { type: 'invalid_request_error', code: 'more_permissions_required' }],
  ])('returns not-sent with cause credentials for %s', async (_what, status, error) => {
    const { gateway, close } = await startFixedResponse(status, {
      error: { message: 'no', ...error },
    });
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await gateway.charge(charge)).toMatchObject(unsent);
    expect(await gateway.refund(charge)).toMatchObject(unsent);
    expect(await gateway.inquire(order)).toMatchObject(unsent);
    await close();
  });

  it('logs neither the key nor the response', async () => {
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockReturnValue(),
    );
    const { gateway, close } = await startFixedResponse(401, { error: { message: secretKey } });

    const outcome = await gateway.charge(charge);

    expect(JSON.stringify(outcome)).not.toContain(secretKey);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    await close();
  });
});
