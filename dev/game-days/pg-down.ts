import type { Listing } from '../../shared/simulators/gateway/listing.ts';
import { setGatewayListening } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import type { DrillContext } from './drill-context.ts';
import { backlogReport, deadLetters, faultPersists, pendingPayments } from './shared-steps.ts';

/** Waits until the gateway has charged the payment; its response is still outstanding. */
const waitForCharge = ({ shell, waitUntil }: DrillContext, paymentId: string) =>
  waitUntil(async () => {
    const answer = await fetch(`${shell.stack.simulatorUrl}/charges?reference=${paymentId}`);
    const { counts } = (await answer.json()) as Listing;

    return { summary: `${counts.charges} charges at the gateway`, isReached: counts.charges > 0 };
  });

export const pgDown: Drill = {
  name: 'pg-down',
  fault: 'the gateway refuses connections while one charge is in flight.',
  duration: { really: 'twenty minutes', minutes: 20, seconds: 20 },
  faultSteps: [
    {
      description: 'A payment is charged; the response of the gateway is outstanding.',
      run: async (context) =>
        waitForCharge(context, (await context.pay('sim_timeout_after_effect')).paymentId),
    },
    {
      description: 'The gateway refuses connections.',
      run: (context) => {
        context.registerFaultRemoval(() => setGatewayListening(context.shell.stack, true));

        return setGatewayListening(context.shell.stack, false);
      },
    },
    {
      description: 'Three more payments are accepted and cannot be charged.',
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
        'Only find out how long the outage lasts. The gateway accepts connections again.',
      run: ({ removeFault }) => removeFault(),
    },
  ],
};
