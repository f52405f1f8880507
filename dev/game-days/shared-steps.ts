import type { DrillStep, RunbookCommand } from './drill.ts';
import { describeBacklog, describeOldestPending, holdFault } from './probes.ts';

/** Steps that several drills use. */
export const faultPersists: DrillStep = { description: 'The fault persists.', run: holdFault };

export const pendingPayments: DrillStep = {
  description: 'Payments without a final status:',
  run: async (context) => context.print(`  ${await describeOldestPending(context)}`),
};

export const backlogReport: DrillStep = {
  description: 'Backlog, as measured for the alarms:',
  run: async (context) => context.print(`  ${await describeBacklog(context)}`),
};

export const deadLetters: RunbookCommand = {
  command: 'npm run ops -- dlq',
  heading: 'Investigation basics',
};
