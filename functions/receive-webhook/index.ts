import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { referenceFinderFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import type { WebhookReference } from '../../shared/gateway/webhook.ts';
import { webhookReaderFromEnv } from '../../shared/gateway/webhook-reader.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { handleWebhook, receiveWebhook } from './handler.ts';

const { IDEMPOTENCY_TABLE: table, PG_URL: url } = requireEnv('IDEMPOTENCY_TABLE', 'PG_URL');
const referenceOf = referenceFinderFromEnv({
  url,
  timings: { ...timingsFromEnv(), pgTimeoutMs: 5_000 },
});
const { payments } = storesFromEnv({ payments: createPaymentRepository });
const handleOnce = idempotent(
  { table, name: 'receive-webhook', keyOf: ({ id }: WebhookReference) => id },
  handleWebhook({ payments, referenceOf, requestInquiry: requestInquiryFromEnv('webhook') }),
);

export const handler = httpHandler(
  receiveWebhook({ read: webhookReaderFromEnv(systemClock), handle: handleOnce }),
);
