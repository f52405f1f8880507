import type { DrillStep, RunbookCommand } from './drill.ts';
import { describeBacklog, describeOldestPending, holdFault } from './probes.ts';

/** What more than one drill does, or looks at. */
export const faultPersists: DrillStep = { description: 'It stays so.', run: holdFault };

export const pendingPayments: DrillStep = {
  description: 'Who waits for a final word:',
  run: async (context) => context.print(`  ${await describeOldestPending(context)}`),
};

export const backlogReport: DrillStep = {
  description: 'What stands still, as measured for the alarms:',
  run: async (context) => context.print(`  ${await describeBacklog(context)}`),
};

export const deadLetters: RunbookCommand = {
  command: 'npm run ops -- dlq',
  heading: 'Investigation basics',
};
