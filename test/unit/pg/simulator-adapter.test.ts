import { startSimulator } from '../../../dev/simulator-server.ts';
import { delays } from '../../../shared/outside/simulator/behaviours.ts';
import type { Listing } from '../../../shared/outside/simulator/listing.ts';
import type { Situation } from '../../../shared/pg/conformance/bench.ts';
import { manualTimers } from '../../../shared/pg/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../shared/pg/conformance.ts';
import { simulatorGateway } from '../../../shared/pg/simulator-adapter.ts';

const timeoutMs = 8_000;

const methods: Record<Situation, string> = {
  approve: 'sim_approve',
  decline: 'sim_decline',
  'timeout-before-effect': 'sim_timeout_before_effect',
  'timeout-after-effect': 'sim_timeout_after_effect',
  'error-after-effect': 'sim_error_after_effect',
  'garbage-after-effect': 'sim_garbage_after_effect',
  'unlisted-code': 'sim_unlisted_code',
  'wrong-amount': 'sim_wrong_amount',
  'in-progress': 'sim_in_progress',
  'late-approve': 'sim_late_approve',
};

describePaymentGateway('the simulator adapter', async () => {
  const timers = manualTimers();
  const { url, close } = await startSimulator({ timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: delays.lateMs,
    paymentMethod: (situation) => methods[situation],
    declineCode: 'insufficient_funds',
    cancelsUncharged: 'cancelled',
    gatewayTo: (to) => simulatorGateway({ url: to, timeoutMs, timers }),
    books: async (reference) => {
      const answer = await fetch(`${url}/charges?reference=${reference}`);
      const { counts, charges, refunds } = (await answer.json()) as Listing;

      return {
        requests: counts.requests,
        captured: charges.map(({ amount }) => amount),
        refunded: refunds.map(({ amount }) => amount),
      };
    },
    close,
  };
});
