import { compensationsIn } from '../../shared/data/compensations.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { getTimeline } from './handler.ts';

export const handler = httpHandler(
  getTimeline({
    ...storesFromEnv({ payments: paymentsIn, compensations: compensationsIn, refunds: refundsIn }),
    timings: timingsFromEnv(),
  }),
);
