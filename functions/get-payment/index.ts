import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createLongPoll } from '../../shared/http/long-poll.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { waitSlotsFromEnv } from '../../shared/persistence/wait-slots-from-env.ts';
import { getPayment } from './handler.ts';

const { payments } = storesFromEnv({ payments: createPaymentRepository });
const poll = createLongPoll({ clock, sleep, acquireSlot: waitSlotsFromEnv('get-payment') });

export const handler = httpHandler(getPayment({ payments, poll }));
