import { paymentsIn } from '../../shared/data/payments.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { referenceFinder } from '../../shared/pg/gateway.ts';
import type { Hint } from '../../shared/pg/webhook.ts';
import { webhookReader } from '../../shared/pg/webhook-reader.ts';
import { pgAskerFromEnv } from '../../shared/runtime/ask-pg.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { receiveWebhook } from './handler.ts';
import { hear } from './hear.ts';

const { IDEMPOTENCY_TABLE: table, PG_URL: url } = requireEnv('IDEMPOTENCY_TABLE', 'PG_URL');
const referenceOf = referenceFinder({ url, timings: { ...timingsFromEnv(), pgTimeoutMs: 5_000 } });
const { payments } = storesFromEnv({ payments: paymentsIn });
const hearOnce = once(
  { table, name: 'receive-webhook', keyOf: ({ id }: Hint) => id },
  hear({ payments, referenceOf, askPgNow: pgAskerFromEnv('webhook') }),
);

export const handler = httpHandler(
  receiveWebhook({ read: webhookReader(systemClock), hear: hearOnce }),
);
