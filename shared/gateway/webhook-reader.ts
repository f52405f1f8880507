import { requireEnv } from '../config/env.ts';
import { type RotatingSecret, rotatingSecret } from '../config/rotating-secret.ts';
import type { Clock } from '../domain/clock.ts';
import { readSimulatorWebhook } from './simulator/webhook.ts';
import type { Hint, RawWebhook, ReadWebhook, RefusedWebhook } from './webhook.ts';

type Reader = (raw: RawWebhook) => Promise<Hint | RefusedWebhook>;

/**
 * Reads the webhooks of the PG that the environment variable PG_ADAPTER names, with the keys in the secret PG_WEBHOOK_SECRET_ARN. The
 * variable is spelt out for the bundler, as in gateway.ts.
 */
export const webhookReader = (clock: Clock): Reader => {
  if (process.env.PG_ADAPTER === 'toss') {
    return async (raw) => (await import('./toss/webhook.ts')).readTossWebhook(raw, [], clock.now());
  }
  const { PG_WEBHOOK_SECRET_ARN: arn } = requireEnv('PG_WEBHOOK_SECRET_ARN');
  const secret = rotatingSecret(arn, clock);
  if (process.env.PG_ADAPTER === 'stripe') {
    return verified(
      async (...webhook) => {
        const { readStripeWebhook } = await import('./stripe/webhook.ts');

        return readStripeWebhook(...webhook);
      },
      { secret, clock },
    );
  }

  return verified(readSimulatorWebhook, { secret, clock });
};

/** A key that was changed a moment ago is not in memory yet. Who sends nonsense has it read once a second at most. */
const momentAgo = { atMostMs: 1_000 };

/** Reads a webhook with the keys that we have, and where those did not sign it, with those that there are by now. */
export const verified =
  (read: ReadWebhook, { secret, clock }: { secret: RotatingSecret; clock: Clock }): Reader =>
  async (raw) => {
    const known = await secret();
    const first = await read(raw, known, clock.now());
    if (!('refused' in first) || first.refused !== 'signature') return first;
    const anew = await secret(momentAgo);

    return anew === known ? first : read(raw, anew, clock.now());
  };
