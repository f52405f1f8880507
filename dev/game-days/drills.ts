import { compensationStepFailing } from './compensation-step-failing.ts';
import { dataPlatformDown } from './data-platform-down.ts';
import type { Drill } from './drill.ts';
import { pgDown } from './pg-down.ts';
import { poisonMessages } from './poison-messages.ts';
import { relayStopped } from './relay-stopped.ts';
import { tablesLost } from './tables-lost.ts';

/** The game days, in the order of docs/runbook.md. */
export const drills: readonly Drill[] = [
  pgDown,
  dataPlatformDown,
  poisonMessages,
  relayStopped,
  compensationStepFailing,
  tablesLost,
];
