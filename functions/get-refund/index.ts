import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createLongPoll } from '../../shared/http/long-poll.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { waitSlotsFromEnv } from '../../shared/persistence/wait-slots-from-env.ts';
import { getRefund } from './handler.ts';

const { refunds } = storesFromEnv({ refunds: createRefundRepository });
const poll = createLongPoll({ clock, sleep, acquireSlot: waitSlotsFromEnv('get-refund') });

export const handler = httpHandler(getRefund({ refunds, poll }));
