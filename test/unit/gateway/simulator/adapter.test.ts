import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../../dev/local/simulator-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createSimulatorGateway } from '../../../../shared/gateway/simulator/adapter.ts';
import { createSimulatorChargeList } from '../../../../shared/gateway/simulator/charge-list.ts';
import { defaultDelays } from '../../../../shared/simulators/gateway/behaviours.ts';
import type { Listing } from '../../../../shared/simulators/gateway/listing.ts';
import { createHttpBrowser } from '../../../support/fakes/browser.ts';
import {
  decideSimulatorChallenge,
  openSimulatorWindow,
  simulatorMethodFor,
} from '../../../support/fakes/simulator-pages.ts';

const timeoutMs = 8_000;
const order = { reference: 'pay-1', amount: 12_500, currency: 'KRW' };
const challenged = { ...order, key: 'chg:pay-1:1', paymentMethod: 'sim_challenge' };

describePaymentGateway('the simulator adapter', async () => {
  const timers = createManualTimers();
  const { url, close } = await startSimulator({ timers });
  const browser = createHttpBrowser();

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: defaultDelays.lateMs,
    paymentMethod: simulatorMethodFor,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: true,
    hasChallenge: true,
    decideChallenge: decideSimulatorChallenge(browser),
    gatewayAt: (to) => createSimulatorGateway({ url: to, timeoutMs, timers, exchange: sendHttp }),
    chargeListAt: (to) =>
      createSimulatorChargeList({ url: to, timeoutMs, timers, exchange: sendHttp, pageSize: 2 }),
    readState: async (reference) => {
      const response = await fetch(`${url}/charges?reference=${reference}`);
      const { counts, charges, refunds } = (await response.json()) as Listing;

      return {
        requests: counts.requests,
        refundRequests: counts.refundRequests,
        captured: charges.map(({ amount }) => amount),
        refunded: refunds.map(({ amount }) => amount),
      };
    },
    openWindow: openSimulatorWindow(browser, `${url}/window`),
    close,
  };
});

describe('the simulator adapter', () => {
  it("sends the buyer back to the charge's return URL", async () => {
    const { url, close } = await startSimulator();
    const timers = systemTimers;
    const gateway = createSimulatorGateway({ url, timeoutMs, timers, exchange: sendHttp });
    const returnUrl = 'https://shop.example/paid';

    const asked = await gateway.charge({ ...challenged, returnUrl });
    const page = await createHttpBrowser().open('url' in asked ? asked.url : '');
    const { location } = await page.press('Approve');
    await close();

    expect(location).toBe(`${returnUrl}?reference=pay-1`);
  });

  it.each([
    ['an error', 502, {}],
    ['a page that no browser may open', 200, { url: 'javascript:alert(1)' }],
    ['no time limit', 200, { expiresAt: undefined }],
  ])('is ambiguous if the answer that requires an action has %s', async (_what, status, change) => {
    const answer = {
      status: 'requires_action',
      transactionId: 'txn_1',
      url: 'https://pay.test/challenge/1',
      expiresAt: '2026-03-14T12:10:00.000Z',
      ...change,
    };
    const { url, close } = await startFaultyGateway(respondWith(status, answer));
    const timers = createManualTimers();
    const gateway = createSimulatorGateway({ url, timeoutMs, timers, exchange: sendHttp });

    const outcomes = [await gateway.charge(challenged), await gateway.inquire(order)];
    await close();

    expect(outcomes).toMatchObject([{ outcome: 'ambiguous' }, { outcome: 'ambiguous' }]);
  });
});
