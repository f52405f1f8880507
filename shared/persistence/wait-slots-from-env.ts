import { setTimeout as pause } from 'node:timers/promises';
import { documentClient as db } from '../config/aws-clients.ts';
import { requireEnv } from '../config/env.ts';
import { systemClock as clock } from '../config/system-clock.ts';
import { createLongPoll, type LongPoll } from '../http/long-poll.ts';
import { createWaitSlots } from './wait-slots.ts';

/** Long polls of one function, as many at a time as the environment says. */
export const longPollFromEnv = (name: string): LongPoll => {
  const { IDEMPOTENCY_TABLE: table, WAIT_SLOTS } = requireEnv('IDEMPOTENCY_TABLE', 'WAIT_SLOTS');
  const acquireSlot = createWaitSlots(db, table, { name, count: Number(WAIT_SLOTS), clock });

  return createLongPoll({ clock, sleep: pause, acquireSlot });
};
