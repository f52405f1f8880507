import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt, errors } from 'jose';
import * as z from 'zod';
import { operatorScope } from '../../shared/http/routes.ts';
import { CliError } from '../cli/cli-error.ts';
import type { Outputs } from '../local/outputs.ts';

/** A buyer and an operator with their tokens. */
export interface SignedIn {
  readonly buyer: { readonly userId: string; readonly token: string };
  readonly operatorToken: string;
  /** Removes what the sign-in has added. */
  readonly signOut: () => Promise<void>;
}

/**
 * Returns the tokens of the environment (BUYER_TOKEN and TOKEN), if both are set. Otherwise adds a user of this name
 * to the user pool of the stage, and requests an operator's token with the credentials of the pool's client for
 * operators. Throws a CliError if the stage has no pool, or if the buyer's token names no buyer.
 */
export const signIn = async (
  outputs: Outputs,
  name: string,
  { BUYER_TOKEN, TOKEN }: NodeJS.ProcessEnv = process.env,
): Promise<SignedIn> => {
  if (BUYER_TOKEN && TOKEN)
    return { buyer: buyerOf(BUYER_TOKEN), operatorToken: TOKEN, signOut: async () => {} };
  const { UserPoolId, BuyerClientId, OperatorClientId, TokenUrl = '' } = outputs;
  if (UserPoolId === undefined)
    throw new CliError(
      'The stage has no user pool: set BUYER_TOKEN, of a buyer without a balance, and TOKEN, of an operator.',
    );
  const pool = new CognitoIdentityProviderClient();
  const operatorToken = await requestOperatorToken(TokenUrl, {
    id: `${OperatorClientId}`,
    secret: await readClientSecret(pool, UserPoolId, OperatorClientId),
  });

  const user = { UserPoolId, Username: name };
  // Every kind of character that a password policy may require.
  const Password = `Aa1!${randomBytes(24).toString('base64url')}`;
  await pool.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
  const signOut = async () => {
    await pool.send(new AdminDeleteUserCommand(user));
  };
  try {
    await pool.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const { AuthenticationResult, ChallengeName } = await pool.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: BuyerClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: name, PASSWORD: Password },
      }),
    );
    const token = AuthenticationResult?.AccessToken;
    if (token === undefined)
      throw new CliError(
        `The user pool asks a buyer for ${ChallengeName}: set BUYER_TOKEN and TOKEN.`,
      );

    return { buyer: buyerOf(token), operatorToken, signOut };
  } catch (error) {
    await signOut();
    throw error;
  }
};

const buyerOf = (token: string): SignedIn['buyer'] => {
  const userId = subjectOf(token);
  if (userId === undefined)
    throw new CliError(
      'The token of the buyer is not a JWT with the claim sub: set another BUYER_TOKEN.',
    );

  return { userId, token };
};

const subjectOf = (token: string): string | undefined => {
  try {
    return decodeJwt(token).sub;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
};

const readClientSecret = async (
  pool: CognitoIdentityProviderClient,
  UserPoolId: string,
  ClientId: string | undefined,
): Promise<string> => {
  const { UserPoolClient } = await pool.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
  );

  return UserPoolClient?.ClientSecret ?? '';
};

/** OAuth 2.0 client credentials. */
const requestOperatorToken = async (
  tokenUrl: string,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<string> => {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: operatorScope }),
  });
  if (!answer.ok)
    throw new CliError(`${tokenUrl} answered ${answer.status}: ${await answer.text()}`);

  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
};
