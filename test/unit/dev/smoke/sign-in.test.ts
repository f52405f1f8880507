import 'aws-sdk-client-mock-vitest/extend';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../../../../dev/cli/cli-error.ts';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { signIn } from '../../../../dev/smoke/sign-in.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const tokenOf = (sub: string) => new UnsecuredJWT({}).setSubject(sub).encode();
const user = { UserPoolId: 'pool', Username: 'smoke-1' };

describe('the sign-in of the smoke test', () => {
  let server: RunningServer;
  const received: unknown[] = [];
  beforeAll(async () => {
    server = await listen(async ({ headers, body }) => {
      received.push({ authorization: headers.authorization, body });

      return { kind: 'reply', afterMs: 0, status: 200, body: '{"access_token":"operator"}' };
    });
  });
  afterAll(() => server.close());
  const signInToPool = () =>
    signIn(
      {
        UserPoolId: 'pool',
        BuyerClientId: 'buyers',
        OperatorClientId: 'operators',
        TokenUrl: server.url,
      },
      'smoke-1',
      {},
    );
  beforeEach(() => {
    cognito.reset();
    cognito.on(AdminCreateUserCommand).resolves({});
    cognito.on(AdminSetUserPasswordCommand).resolves({});
    cognito.on(AdminDeleteUserCommand).resolves({});
    cognito
      .on(DescribeUserPoolClientCommand, { UserPoolId: 'pool', ClientId: 'operators' })
      .resolves({ UserPoolClient: { ClientSecret: 'secret' } });
  });

  it('adds a user to the pool, and deletes it in the end', async () => {
    cognito
      .on(AdminInitiateAuthCommand, { UserPoolId: 'pool', ClientId: 'buyers' })
      .resolves({ AuthenticationResult: { AccessToken: tokenOf('a-sub') } });

    const { buyer, operatorToken, signOut } = await signInToPool();

    expect(buyer).toEqual({ userId: 'a-sub', token: tokenOf('a-sub') });
    expect(operatorToken).toBe('operator');
    expect(received).toEqual([
      {
        authorization: `Basic ${Buffer.from('operators:secret').toString('base64')}`,
        body: 'grant_type=client_credentials&scope=aftercommit%2Foperator',
      },
    ]);
    expect(cognito).not.toHaveReceivedCommand(AdminDeleteUserCommand);
    await signOut();
    expect(cognito).toHaveReceivedCommandWith(AdminDeleteUserCommand, user);
  });

  it('deletes the user if the pool asks for a second factor', async () => {
    cognito.on(AdminInitiateAuthCommand).resolves({ ChallengeName: 'MFA_SETUP' });

    await expect(signInToPool()).rejects.toThrow(
      new CliError('The user pool asks a buyer for MFA_SETUP: set BUYER_TOKEN and TOKEN.'),
    );

    expect(cognito).toHaveReceivedCommandWith(AdminDeleteUserCommand, user);
  });

  it('uses the tokens of the environment, and no pool', async () => {
    const env = { BUYER_TOKEN: tokenOf('their-sub'), TOKEN: 'theirs' };

    expect(await signIn({}, 'smoke-1', env)).toMatchObject({
      buyer: { userId: 'their-sub' },
      operatorToken: 'theirs',
    });
    expect(cognito.calls()).toEqual([]);
  });

  it.each([
    ['is not a JWT', 'not-a-token'],
    ['names no buyer', new UnsecuredJWT({}).encode()],
  ])('rejects a BUYER_TOKEN that %s', async (_what, BUYER_TOKEN) => {
    await expect(signIn({}, 'smoke-1', { BUYER_TOKEN, TOKEN: 'theirs' })).rejects.toThrow(
      new CliError(
        'The token of the buyer is not a JWT with the claim sub: set another BUYER_TOKEN.',
      ),
    );
  });

  it('names the variables that a stage without a pool needs', async () => {
    await expect(signIn({}, 'smoke-1', { TOKEN: 'theirs' })).rejects.toThrow(
      'The stage has no user pool: set BUYER_TOKEN, of a buyer without a balance, and TOKEN, of an operator.',
    );
  });
});
