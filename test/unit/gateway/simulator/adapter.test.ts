import { startSimulator } from '../../../../dev/local/simulator-server.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createSimulatorGateway } from '../../../../shared/gateway/simulator/adapter.ts';
import { createSimulatorChargeList } from '../../../../shared/gateway/simulator/charge-list.ts';
import { defaultDelays } from '../../../../shared/simulators/gateway/behaviours.ts';
import type { Listing } from '../../../../shared/simulators/gateway/listing.ts';
import { createHttpBrowser } from '../../../support/fakes/browser.ts';
import { openSimulatorWindow } from '../../../support/fakes/simulator-pages.ts';

const timeoutMs = 8_000;

describePaymentGateway('the simulator adapter', async () => {
  const timers = createManualTimers();
  const { url, close } = await startSimulator({ timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: defaultDelays.lateMs,
    paymentMethod: (scenario) => `sim_${scenario.replaceAll('-', '_')}`,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: true,
    hasChallenge: false,
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
    openWindow: openSimulatorWindow(createHttpBrowser(), url),
    close,
  };
});
