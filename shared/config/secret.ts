import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { requestTimeouts } from './aws-clients.ts';
import { systemClock } from './system-clock.ts';

/** A rotated secret is used at most five minutes after its rotation. */
const maxAgeSeconds = 300;

/**
 * Creates a reader of a secret string, cached for five minutes or for `atMostMs` milliseconds. Each reader has
 * its own cache.
 */
export const createSecretReader = (arn: string, clock = systemClock) => {
  const provider = new SecretsProvider({
    clientConfig: { maxAttempts: 2, requestHandler: requestTimeouts },
  });
  let readAt = Number.NEGATIVE_INFINITY;

  return async (age?: { readonly atMostMs: number }): Promise<string> => {
    const now = clock.now().getTime();
    const forceFetch = age !== undefined && now - readAt > age.atMostMs;
    if (forceFetch) readAt = now;
    const secret = await provider.get(arn, { maxAge: maxAgeSeconds, forceFetch });
    if (typeof secret !== 'string') throw new Error('The secret is not a string.');

    return secret;
  };
};
