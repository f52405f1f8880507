import type { Listing } from '../../shared/simulators/gateway/listing.ts';
import { setGatewayListening } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import type { DrillContext } from './drill-context.ts';
import { backlogReport, deadLetters, faultPersists, pendingPayments } from './shared-steps.ts';

/** Until the PG has charged it: from then on it matters what becomes of the answer. */
const waitForCharge = ({ shell, waitUntil: until }: DrillContext, paymentId: string) =>
  until(async () => {
    const answer = await fetch(`${shell.stack.simulatorUrl}/charges?reference=${paymentId}`);
    const { counts } = (await answer.json()) as Listing;

    return { summary: `${counts.charges} charges at the PG`, isReached: counts.charges > 0 };
  });

export const pgDown: Drill = {
  name: 'pg-down',
  fault: 'the PG refuses connections, while one charge is under way.',
  duration: { really: 'ten minutes', minutes: 10, seconds: 20 },
  faultSteps: [
    {
      description: 'A payment is charged, and its answer is still to come.',
      run: async (context) =>
        waitForCharge(context, (await context.pay('sim_timeout_after_effect')).paymentId),
    },
    {
      description: 'The PG refuses connections.',
      run: (context) => {
        context.registerFaultRemoval(() => setGatewayListening(context.shell.stack, true));

        return setGatewayListening(context.shell.stack, false);
      },
    },
    {
      description: 'Three more are accepted, and cannot be charged.',
      run: (context) => Promise.all([context.pay(), context.pay(), context.pay()]),
    },
    faultPersists,
  ],
  observations: [pendingPayments, backlogReport, deadLetters],
  expectedAlarms: [
    { alarm: 'BacklogUnknownOutcomeAgeAlarm', heading: 'Unknown outcome age' },
    { alarm: 'SweepStuckPaymentsAlarm', heading: 'Stuck payments' },
    {
      alarm: 'SloTimeToFinalStatus',
      heading: 'SLO burn: time to final status',
      afterRecovery: true,
    },
  ],
  recoverySteps: [
    {
      description:
        'Nothing is to be done but to find out how long it lasts. The PG takes connections again.',
      run: ({ removeFault: mend }) => mend(),
    },
  ],
};
