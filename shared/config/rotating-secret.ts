import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../domain/time.ts';
import { requestTimeouts } from './aws-clients.ts';

/** Reads the versions of a secret, current first, then the previous one if the secret was rotated. */
export type ReadSecretVersions = (age?: {
  readonly atMostMs: number;
}) => Promise<readonly string[]>;

const defaultMaxAge = { atMostMs: 300_000 };

/**
 * Creates a reader of the current and the previous version of a secret, cached for five minutes. A sender may
 * still sign with the previous version. Powertools is not used: its cache does not distinguish versions.
 */
export const createSecretVersionsReader = (arn: string, clock: Clock): ReadSecretVersions => {
  const client = new SecretsManagerClient({ maxAttempts: 2, requestHandler: requestTimeouts });
  let cached: { readonly texts: readonly string[]; readonly readAt: number } | undefined;
  const readVersion = async (stage: string): Promise<string | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });

    return (await client.send(command)).SecretString;
  };
  const previous = () =>
    readVersion('AWSPREVIOUS').catch((error: unknown) => {
      // The secret was never rotated.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });

  return async ({ atMostMs } = defaultMaxAge) => {
    const now = clock.now().getTime();
    if (cached !== undefined && now - cached.readAt <= atMostMs) return cached.texts;
    const values = await Promise.all([readVersion('AWSCURRENT'), previous()]);
    cached = { texts: values.filter((value) => value !== undefined), readAt: now };

    return cached.texts;
  };
};
