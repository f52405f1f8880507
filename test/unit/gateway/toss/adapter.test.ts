import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import type { WindowAction } from '../../../../shared/gateway/conformance/harness.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { createTossChargeList } from '../../../../shared/gateway/toss/charge-list.ts';
import { nextActionOfCharge } from '../../../support/builders/checkout.ts';
import { createTossServer, settleDelayMs } from '../../../support/fakes/toss/server.ts';
import { charge, clientKey, order, secretKey, startFixedResponse, timeoutMs } from './harness.ts';

describePaymentGateway('the Toss adapter', async () => {
  const timers = createManualTimers();
  const toss = createTossServer({ clock: timers, secretKey, clientKey });
  const { url, close } = await listen(toss.server, { timers });
  const options = { secretKey, timeoutMs, timers, exchange: sendHttp };
  const payInWindow = ({ reference: orderId, amount, currency }: WindowAction, method: string) =>
    toss.openWindow({ orderId, amount, currency, clientKey }).pay(method).paymentKey;

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: settleDelayMs,
    paymentMethod: (scenario, charge) =>
      payInWindow(charge, `toss_${scenario.replaceAll('-', '_')}`),
    openWindow: async (charge) =>
      payInWindow(nextActionOfCharge(charge, { gateway: 'toss', clientKey }), 'toss_approve'),
    declineCode: 'REJECT_ACCOUNT_PAYMENT',
    // The payment waits in the checkout window and expires there by itself.
    unchargedCancelOutcome: 'in-progress',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: false,
    refusesPaidReferences: true,
    hasChallenge: false,
    gatewayAt: (to) => createTossGateway({ url: to, ...options }),
    chargeListAt: (to) => createTossChargeList({ url: to, ...options, pageSize: 2 }),
    readState: async (reference) => toss.stateOf(reference),
    close,
  };
});

describe('Toss adapter', () => {
  it.each([
    [400, 'INVALID_API_KEY'],
    [401, 'UNAUTHORIZED_KEY'],
    [403, 'INCORRECT_BASIC_AUTH_FORMAT'],
  ])('returns not-sent with cause credentials for a %d with %s', async (status, code) => {
    const { gateway, close } = await startFixedResponse(status, { code, message: 'no' });
    const refund = { ...order, key: 'rfd:1' };
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await gateway.charge(charge)).toMatchObject(unsent);
    expect(await gateway.inquire(order)).toMatchObject(unsent);
    expect(await gateway.cancel(order)).toMatchObject(unsent);
    expect(await gateway.refund(refund)).toMatchObject(unsent);
    expect(await gateway.inquireRefund(refund)).toMatchObject(unsent);
    await close();
  });

  it('treats FORBIDDEN_REQUEST as a decline of a charge, and as rejected credentials otherwise', async () => {
    const { gateway, close } = await startFixedResponse(403, {
      code: 'FORBIDDEN_REQUEST',
      message: 'no',
    });
    const refund = { ...order, key: 'rfd:1' };
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await gateway.charge(charge)).toMatchObject({
      outcome: 'declined',
      code: 'FORBIDDEN_REQUEST',
    });
    expect(await gateway.inquire(order)).toMatchObject(unsent);
    expect(await gateway.cancel(order)).toMatchObject(unsent);
    expect(await gateway.refund(refund)).toMatchObject(unsent);
    expect(await gateway.inquireRefund(refund)).toMatchObject(unsent);
    await close();
  });
});
