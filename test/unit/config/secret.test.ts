import 'aws-sdk-client-mock-vitest/extend';
import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSecretReader } from '../../../shared/config/secret.ts';

const secretsManager = mockClient(SecretsManagerClient);
const anArn = () => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${randomUUID()}`;

beforeEach(() => secretsManager.reset());

describe('secret reader', () => {
  it('reads the secret once and caches it', async () => {
    const arn = anArn();
    secretsManager
      .on(GetSecretValueCommand, { SecretId: arn })
      .resolves({ SecretString: 'c2VjcmV0' });
    const secret = createSecretReader(arn);

    expect([await secret(), await secret()]).toEqual(['c2VjcmV0', 'c2VjcmV0']);
    expect(secretsManager).toHaveReceivedCommandTimes(GetSecretValueCommand, 1);
  });

  it('has a cache of its own', async () => {
    const arn = anArn();
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'c2VjcmV0' });

    await createSecretReader(arn)();
    await createSecretReader(arn)();

    expect(secretsManager).toHaveReceivedCommandTimes(GetSecretValueCommand, 2);
  });

  it('reads again after a failure', async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejectsOnce(new Error('throttled'))
      .resolves({ SecretString: 'c2VjcmV0' });
    const secret = createSecretReader(anArn());

    await expect(secret()).rejects.toThrow('throttled');

    expect(await secret()).toBe('c2VjcmV0');
  });

  it('throws if the secret is not a string', async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });

    await expect(createSecretReader(anArn())()).rejects.toThrow('not a string');
  });
});
