import { startSimulator } from '../../../../dev/local/simulator-server.ts';
import { manualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { simulatorGateway } from '../../../../shared/gateway/simulator/adapter.ts';
import { simulatorLedger } from '../../../../shared/gateway/simulator/charge-list.ts';
import { delays } from '../../../../shared/simulators/gateway/behaviours.ts';
import type { Listing } from '../../../../shared/simulators/gateway/listing.ts';

const timeoutMs = 8_000;

describePaymentGateway('the simulator adapter', async () => {
  const timers = manualTimers();
  const { url, close } = await startSimulator({ timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: delays.lateMs,
    paymentMethod: (situation) => `sim_${situation.replaceAll('-', '_')}`,
    declineCode: 'insufficient_funds',
    cancelsUncharged: 'cancelled',
    saysRefundedOfCharge: true,
    remembersRefusedRefunds: true,
    gatewayTo: (to) => simulatorGateway({ url: to, timeoutMs, timers }),
    ledgerTo: (to) => simulatorLedger({ url: to, timeoutMs, timers, pageSize: 2 }),
    books: async (reference) => {
      const answer = await fetch(`${url}/charges?reference=${reference}`);
      const { counts, charges, refunds } = (await answer.json()) as Listing;

      return {
        requests: counts.requests,
        refundRequests: counts.refundRequests,
        captured: charges.map(({ amount }) => amount),
        refunded: refunds.map(({ amount }) => amount),
      };
    },
    close,
  };
});
