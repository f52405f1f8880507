import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { compensationsIn } from '../../shared/persistence/compensation-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getTimeline } from './handler.ts';

export const handler = httpHandler(
  getTimeline({
    ...storesFromEnv({ payments: paymentsIn, compensations: compensationsIn, refunds: refundsIn }),
    timings: timingsFromEnv(),
  }),
);
