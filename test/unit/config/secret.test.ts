import 'aws-sdk-client-mock-vitest/extend';
import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretOf } from '../../../shared/config/secret.ts';

const vault = mockClient(SecretsManagerClient);
const anArn = () => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${randomUUID()}`;

beforeEach(() => vault.reset());

describe('a secret', () => {
  it('is read once and kept for the next use', async () => {
    const arn = anArn();
    vault.on(GetSecretValueCommand, { SecretId: arn }).resolves({ SecretString: 'c2VjcmV0' });
    const secret = secretOf(arn);

    expect([await secret(), await secret()]).toEqual(['c2VjcmV0', 'c2VjcmV0']);
    expect(vault).toHaveReceivedCommandTimes(GetSecretValueCommand, 1);
  });

  it('is asked for again after it could not be read', async () => {
    vault
      .on(GetSecretValueCommand)
      .rejectsOnce(new Error('throttled'))
      .resolves({ SecretString: 'c2VjcmV0' });
    const secret = secretOf(anArn());

    await expect(secret()).rejects.toThrow('throttled');

    expect(await secret()).toBe('c2VjcmV0');
  });

  it('that is no text is refused', async () => {
    vault.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });

    await expect(secretOf(anArn())()).rejects.toThrow('not text');
  });
});
