import { documentClient } from '../config/aws-clients.ts';
import { requireEnv } from '../config/env.ts';
import { systemClock as clock } from '../config/system-clock.ts';
import { createWaitSlots } from './wait-slots.ts';

/** The wait slots of one function; WAIT_SLOTS is their number. */
export const waitSlotsFromEnv = (name: string) => {
  const { IDEMPOTENCY_TABLE: table, WAIT_SLOTS } = requireEnv('IDEMPOTENCY_TABLE', 'WAIT_SLOTS');

  return createWaitSlots(documentClient, table, { name, count: Number(WAIT_SLOTS), clock });
};
