import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { webhookReaderFromEnv } from '../../../shared/gateway/webhook-reader.ts';
import { flushMetrics } from '../../../shared/observability/metrics.ts';
import { noon } from '../../support/builders/builders.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';

const secretsManager = mockClient(SecretsManagerClient);

beforeEach(() => secretsManager.reset());
afterEach(() => vi.unstubAllEnvs());

it.each(['simulator', 'stripe'])(
  'accepts no webhook of %s and counts the read if the key cannot be read',
  async (adapter) => {
    const lines = captureMetrics();
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    secretsManager.on(GetSecretValueCommand).rejects(denied);
    vi.stubEnv('PG_ADAPTER', adapter);
    const read = webhookReaderFromEnv(
      { PG_WEBHOOK_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:webhooks' },
      { now: () => noon },
    );

    await expect(read({ headers: {}, body: Buffer.from('{}') })).rejects.toThrow(denied);
    flushMetrics();

    expect(lines).toEqual([{ SecretReadsFailed: 1 }]);
  },
);
