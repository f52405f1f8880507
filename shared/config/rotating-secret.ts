import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../domain/time.ts';
import { requestTimeouts } from './aws-clients.ts';

/** The texts of a secret, the current one first: two where it was changed, for those who sign change over in their own time. */
export type ReadSecretVersions = (age?: {
  readonly atMostMs: number;
}) => Promise<readonly string[]>;

const defaultMaxAge = { atMostMs: 300_000 };

/**
 * Reads a secret's current and previous version, from memory where they were read not so long ago.
 *
 * Not by Powertools, whose cache knows a secret by its name alone: the versions would be taken for each other.
 */
export const createSecretVersionsReader = (
  arn: string,
  clock: Clock,
  client = new SecretsManagerClient({ maxAttempts: 2, requestHandler: requestTimeouts }),
): ReadSecretVersions => {
  let cached: { readonly texts: readonly string[]; readonly readAt: number } | undefined;
  const readVersion = async (stage: string): Promise<string | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });

    return (await client.send(command)).SecretString;
  };
  const previous = () =>
    readVersion('AWSPREVIOUS').catch((error: unknown) => {
      // It was never changed.
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
