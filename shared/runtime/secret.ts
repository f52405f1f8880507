import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { patience } from './aws.ts';

const provider = new SecretsProvider({
  clientConfig: { maxAttempts: 2, requestHandler: patience },
});

/** A rotated secret is used at the latest five minutes after it was stored. */
const maxAge = 300;

/** Reads a secret's text, from memory where it was read a moment ago. */
export const secretOf = (arn: string) => async (): Promise<string> => {
  const secret = await provider.get(arn, { maxAge });
  if (typeof secret !== 'string') throw new Error('The secret is not text.');

  return secret;
};
