import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import type { WebhookReference } from '../../shared/gateway/webhook.ts';
import type { WebhookPlatform } from '../../shared/gateway/webhook-reader.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { idempotencyFromEnv, idempotent } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { handleWebhook, receiveWebhook } from './handler.ts';

type Platform = BasePlatform &
  SqsPlatform &
  WebhookPlatform &
  Pick<GatewayPlatform, 'openReferenceFinder'>;

export const compose = (platform: Platform) => {
  const { environment, clock, openReferenceFinder, openWebhookReader } = platform;
  const timings = { ...timingsFromEnv(environment), pgTimeoutMs: 5_000 };
  const { payments } = storesFromEnv(platform, { payments: createPaymentRepository });
  const handle = idempotent(
    {
      ...idempotencyFromEnv(platform),
      name: 'receive-webhook',
      keyOf: ({ id }: WebhookReference) => id,
    },
    handleWebhook({
      payments,
      referenceOf: openReferenceFinder(environment, timings),
      requestInquiry: requestInquiryFromEnv(platform, 'webhook'),
    }),
  );

  return httpHandler(receiveWebhook({ read: openWebhookReader(environment, clock), handle }));
};
