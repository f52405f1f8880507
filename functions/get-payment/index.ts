import { setTimeout as pause } from 'node:timers/promises';
import { paymentsIn } from '../../shared/data/payments.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { getPayment } from './handler.ts';

const { payments } = storesFromEnv({ payments: paymentsIn });

export const handler = httpHandler(getPayment({ payments, clock, pause }));
