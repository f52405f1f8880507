import { setTimeout as pause } from 'node:timers/promises';
import { waitSlotsIn } from '../data/wait-slots.ts';
import { type LongPoll, longPoll } from '../http/long-poll.ts';
import { documents as db } from './aws.ts';
import { systemClock as clock } from './clock.ts';
import { requireEnv } from './env.ts';

/** Long polls of one function, as many at a time as the environment says. */
export const longPollFromEnv = (name: string): LongPoll => {
  const { IDEMPOTENCY_TABLE: table, WAIT_SLOTS } = requireEnv('IDEMPOTENCY_TABLE', 'WAIT_SLOTS');
  const takeSlot = waitSlotsIn(db, table, { name, count: Number(WAIT_SLOTS), clock });

  return longPoll({ clock, pause, takeSlot });
};
