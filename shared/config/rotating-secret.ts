import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../domain/clock.ts';
import { patience } from './aws-clients.ts';

/** The texts of a secret, the current one first: two where it was changed, for those who sign change over in their own time. */
export type RotatingSecret = (age?: { readonly atMostMs: number }) => Promise<readonly string[]>;

const usualAge = { atMostMs: 300_000 };

/**
 * Reads a secret's current and previous version, from memory where they were read not so long ago.
 *
 * Not by Powertools, whose cache knows a secret by its name alone: the versions would be taken for each other.
 */
export const rotatingSecret = (
  arn: string,
  clock: Clock,
  vault = new SecretsManagerClient({ maxAttempts: 2, requestHandler: patience }),
): RotatingSecret => {
  let kept: { readonly texts: readonly string[]; readonly readAt: number } | undefined;
  const textOf = async (stage: string): Promise<string | undefined> => {
    const version = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });

    return (await vault.send(version)).SecretString;
  };
  const previous = () =>
    textOf('AWSPREVIOUS').catch((error: unknown) => {
      // It was never changed.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });

  return async ({ atMostMs } = usualAge) => {
    const now = clock.now().getTime();
    if (kept !== undefined && now - kept.readAt <= atMostMs) return kept.texts;
    const texts = await Promise.all([textOf('AWSCURRENT'), previous()]);
    kept = { texts: texts.filter((text) => text !== undefined), readAt: now };

    return kept.texts;
  };
};
