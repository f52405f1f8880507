import type { Listing } from '../../shared/simulators/gateway/listing.ts';
import { letPgListen } from '../faults/external-systems.ts';
import type { Drill } from './drill.ts';
import type { Scene } from './drill-context.ts';
import { deadLetters, staysSo, whatStands, whoWaits } from './shared-steps.ts';

/** Until the PG has charged it: from then on it matters what becomes of the answer. */
const charged = ({ shell, until }: Scene, paymentId: string) =>
  until(async () => {
    const answer = await fetch(`${shell.stack.simulatorUrl}/charges?reference=${paymentId}`);
    const { counts } = (await answer.json()) as Listing;

    return { now: `${counts.charges} charges at the PG`, isSo: counts.charges > 0 };
  });

export const pgDown: Drill = {
  name: 'pg-down',
  fault: 'the PG refuses connections, while one charge is under way.',
  lasts: { really: 'ten minutes', minutes: 10, seconds: 20 },
  breaks: [
    {
      says: 'A payment is charged, and its answer is still to come.',
      does: async (scene) =>
        charged(scene, (await scene.pay('sim_timeout_after_effect')).paymentId),
    },
    {
      says: 'The PG refuses connections.',
      does: (scene) => {
        scene.mendsBy(() => letPgListen(scene.shell.stack, true));

        return letPgListen(scene.shell.stack, false);
      },
    },
    {
      says: 'Three more are accepted, and cannot be charged.',
      does: (scene) => Promise.all([scene.pay(), scene.pay(), scene.pay()]),
    },
    staysSo,
  ],
  sees: [whoWaits, whatStands, deadLetters],
  rings: [
    { alarm: 'BacklogUnknownAlarm', heading: 'Outcome unknown for too long' },
    { alarm: 'SweepOverdueAlarm', heading: 'Payments overdue' },
    { alarm: 'PromisesDecidedInTime', heading: 'Final word comes late', afterwards: true },
  ],
  recovers: [
    {
      says: 'Nothing is to be done but to find out how long it lasts. The PG takes connections again.',
      does: ({ mend }) => mend(),
    },
  ],
};
