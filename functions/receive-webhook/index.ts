import { pgAskerFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { referenceFinder } from '../../shared/gateway/gateway-from-env.ts';
import type { Hint } from '../../shared/gateway/webhook.ts';
import { webhookReader } from '../../shared/gateway/webhook-reader.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { hear } from './handle-webhook.ts';
import { receiveWebhook } from './handler.ts';

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
