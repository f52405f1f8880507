import 'aws-sdk-client-mock-vitest/extend';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSecretVersionsReader } from '../../../shared/config/rotating-secret.ts';
import { noon } from '../../support/builders/builders.ts';

const secretsManager = mockClient(SecretsManagerClient);
const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys';
const missing = new ResourceNotFoundException({ message: 'no such stage', $metadata: {} });

beforeEach(() => secretsManager.reset());

/** The secret text of each stage; undefined for a missing version. */
const stubSecret = (texts: { readonly current: string; readonly previous?: string }) => {
  const stages = { AWSCURRENT: texts.current, AWSPREVIOUS: texts.previous };
  for (const [VersionStage, text] of Object.entries(stages)) {
    const request = secretsManager.on(GetSecretValueCommand, { SecretId: arn, VersionStage });
    if (text === undefined) request.rejects(missing);
    else request.resolves({ SecretString: text });
  }
};

const aSecret = () => {
  const state = { now: noon };
  const readVersions = createSecretVersionsReader(arn, { now: () => state.now });

  return {
    readVersions,
    pass: (ms: number) => (state.now = new Date(state.now.getTime() + ms)),
  };
};

describe('secret versions reader', () => {
  it('returns the current and the previous version', async () => {
    stubSecret({ current: 'new', previous: 'old' });

    expect(await aSecret().readVersions()).toEqual(['new', 'old']);
  });

  it('returns one version of a secret that was never rotated', async () => {
    stubSecret({ current: 'new' });

    expect(await aSecret().readVersions()).toEqual(['new']);
  });

  it('caches the versions for five minutes', async () => {
    stubSecret({ current: 'new' });
    const { readVersions, pass } = aSecret();

    await readVersions();
    pass(300_000);
    await readVersions();
    expect(secretsManager).toHaveReceivedCommandTimes(GetSecretValueCommand, 2);
    pass(1);
    await readVersions();

    expect(secretsManager).toHaveReceivedCommandTimes(GetSecretValueCommand, 4);
  });

  it('reads again for a caller that needs a younger value', async () => {
    stubSecret({ current: 'first' });
    const { readVersions, pass } = aSecret();
    const before = await readVersions();
    stubSecret({ current: 'second', previous: 'first' });

    pass(1_000);
    expect(await readVersions({ atMostMs: 1_000 })).toBe(before);
    pass(1);

    expect(await readVersions({ atMostMs: 1_000 })).toEqual(['second', 'first']);
    expect(await readVersions()).toEqual(['second', 'first']);
  });

  it.each(['AWSCURRENT', 'AWSPREVIOUS'])(
    'fails if %s cannot be read, and reads it again later',
    async (VersionStage) => {
      stubSecret({ current: 'new', previous: 'old' });
      secretsManager
        .on(GetSecretValueCommand, { VersionStage })
        .rejectsOnce(new Error('throttled'));
      const { readVersions } = aSecret();

      await expect(readVersions()).rejects.toThrow('throttled');

      secretsManager.on(GetSecretValueCommand, { VersionStage }).resolves({ SecretString: 'back' });
      expect(await readVersions()).toContain('back');
    },
  );

  it('throws without a secret', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(missing);

    await expect(aSecret().readVersions()).rejects.toThrow('no such stage');
  });
});
