import { type Environment, requireEnv } from '../config/env.ts';
import { createSecretVersionsReader, type ReadSecretVersions } from '../config/rotating-secret.ts';
import type { Clock } from '../domain/time.ts';
import { countFailedSecretReads } from '../observability/metrics.ts';
import { recentRead } from './lazy-gateway.ts';
import { readSimulatorWebhook } from './simulator/webhook.ts';
import type { InvalidWebhook, RawWebhook, ReadWebhook, WebhookReference } from './webhook.ts';

type WebhookReader = (raw: RawWebhook) => Promise<WebhookReference | InvalidWebhook>;

export interface WebhookPlatform {
  readonly openWebhookReader: typeof webhookReaderFromEnv;
}

/**
 * Creates the webhook reader of the gateway that the environment variable PG_ADAPTER names, with the keys in
 * the secret PG_WEBHOOK_SECRET_ARN. The variable is spelt out for the bundler, as in gateway-from-env.ts.
 */
export const webhookReaderFromEnv = (environment: Environment, clock: Clock): WebhookReader => {
  if (process.env.PG_ADAPTER === 'toss') {
    return async (raw) => (await import('./toss/webhook.ts')).readTossWebhook(raw, [], clock.now());
  }
  const { PG_WEBHOOK_SECRET_ARN: arn } = requireEnv(environment, 'PG_WEBHOOK_SECRET_ARN');
  const secret = countFailedSecretReads(createSecretVersionsReader(arn, clock));
  if (process.env.PG_ADAPTER === 'stripe') {
    return verifyWebhook(
      async (...webhook) => {
        const { readStripeWebhook } = await import('./stripe/webhook.ts');

        return readStripeWebhook(...webhook);
      },
      { secret, clock },
    );
  }

  return verifyWebhook(readSimulatorWebhook, { secret, clock });
};

/**
 * Reads a webhook with the cached keys. If none of them signed it, reads the keys again and retries once if
 * they changed.
 */
export const verifyWebhook =
  (
    read: ReadWebhook,
    { secret, clock }: { secret: ReadSecretVersions; clock: Clock },
  ): WebhookReader =>
  async (raw) => {
    const currentSecrets = await secret();
    const first = await read(raw, currentSecrets, clock.now());
    if (!('refused' in first) || first.refused !== 'signature') return first;
    const reloadedSecrets = await secret(recentRead);

    return reloadedSecrets === currentSecrets ? first : read(raw, reloadedSecrets, clock.now());
  };
