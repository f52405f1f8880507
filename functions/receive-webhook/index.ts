import { paymentsIn } from '../../shared/data/payments.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import type { Hint } from '../../shared/pg/webhook.ts';
import { webhookReader } from '../../shared/pg/webhook-reader.ts';
import { pgAskerFromEnv } from '../../shared/runtime/ask-pg.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { receiveWebhook } from './handler.ts';
import { hear } from './hear.ts';

const { IDEMPOTENCY_TABLE: table } = requireEnv('IDEMPOTENCY_TABLE');
const { payments } = storesFromEnv({ payments: paymentsIn });
const hearOnce = once(
  { table, name: 'receive-webhook', keyOf: ({ id }: Hint) => id },
  hear({ payments, askPgNow: pgAskerFromEnv('webhook') }),
);

export const handler = httpHandler(
  receiveWebhook({ read: webhookReader(systemClock), hear: hearOnce }),
);
