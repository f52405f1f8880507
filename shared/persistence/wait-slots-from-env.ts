import { setTimeout as pause } from 'node:timers/promises';
import { documents as db } from '../config/aws-clients.ts';
import { requireEnv } from '../config/env.ts';
import { systemClock as clock } from '../config/system-clock.ts';
import { type LongPoll, longPoll } from '../http/long-poll.ts';
import { waitSlotsIn } from './wait-slots.ts';

/** Long polls of one function, as many at a time as the environment says. */
export const longPollFromEnv = (name: string): LongPoll => {
  const { IDEMPOTENCY_TABLE: table, WAIT_SLOTS } = requireEnv('IDEMPOTENCY_TABLE', 'WAIT_SLOTS');
  const takeSlot = waitSlotsIn(db, table, { name, count: Number(WAIT_SLOTS), clock });

  return longPoll({ clock, pause, takeSlot });
};
