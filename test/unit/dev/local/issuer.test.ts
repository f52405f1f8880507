import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, requestToken, startIssuer } from '../../../../dev/local/issuer.ts';

let local: Issuer;

beforeAll(async () => {
  local = await startIssuer();
});

afterAll(() => local.close());

/** Verifies a token like an authorizer, with the keys that the issuer publishes. */
const verified = async (token: string, audience = 'aftercommit') => {
  const { issuer } = local;
  const published = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri } = (await published.json()) as { jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(jwks_uri));

  return (await jwtVerify(token, keys, { issuer, audience })).payload;
};

describe('the local issuer', () => {
  it('signs a token that its published keys verify', async () => {
    const token = await requestToken(local.tokenUrl, { sub: 'alice' });

    expect(await verified(token)).toMatchObject({ sub: 'alice', iss: local.issuer });
    expect(await verified(token)).not.toHaveProperty('scope');
  });

  it('puts the operator scope into the token', async () => {
    const token = await requestToken(local.tokenUrl, {
      sub: 'olivia',
      scope: 'aftercommit/operator',
    });

    expect(await verified(token)).toMatchObject({ scope: 'aftercommit/operator' });
  });

  it('also signs tokens that must be rejected: expired, or for another audience', async () => {
    const expired = await requestToken(local.tokenUrl, { sub: 'alice', expiresInSeconds: -1 });
    const foreign = await requestToken(local.tokenUrl, { sub: 'alice', aud: 'elsewhere' });

    await expect(verified(expired)).rejects.toThrow(/exp/);
    await expect(verified(foreign)).rejects.toThrow(/aud/);
    expect(await verified(foreign, 'elsewhere')).toMatchObject({ sub: 'alice' });
  });

  it.each([
    { body: '{}' },
    { body: '{"sub":""}' },
    { body: 'alice' },
    { body: '{"sub":"a","x":1}' },
  ])('rejects $body', async ({ body }) => {
    const answer = await fetch(local.tokenUrl, { method: 'POST', body });

    expect(answer.status).toBe(400);
  });
});
