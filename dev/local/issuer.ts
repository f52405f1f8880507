import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as z from 'zod';
import { parseJson } from '../../shared/domain/json.ts';
import { jsonReply, type PlainServer } from '../../shared/simulators/plain-http.ts';
import { listen } from './http-server.ts';

/** The default audience of the tokens, which the API's authorizer accepts. */
export const audience = 'aftercommit';

/** The body of a token request. Tests also request tokens that the API must reject. */
const tokenRequest = z.strictObject({
  sub: z.string().min(1),
  scope: z.string().optional(),
  aud: z.string().default(audience),
  expiresInSeconds: z.int().default(12 * 60 * 60),
});

export type TokenRequest = z.input<typeof tokenRequest>;

export interface Issuer {
  /** The `iss` claim of its tokens. */
  readonly issuer: string;
  /** Accepts a POST of a `TokenRequest` as JSON, returns `{access_token}`. Any local process can call it. */
  readonly tokenUrl: string;
  close(): Promise<void>;
}

/** Starts a small OIDC issuer on 127.0.0.1 that replaces Cognito. It generates its key at each start. */
export const startIssuer = async (): Promise<Issuer> => {
  const sign = await createSigner();
  const server: PlainServer = async ({ method, path, body }) => {
    switch (`${method} ${path}`) {
      case 'GET /.well-known/openid-configuration':
        return jsonReply(200, {
          issuer: url,
          jwks_uri: `${url}/jwks`,
          token_endpoint: `${url}/token`,
          id_token_signing_alg_values_supported: [algorithm],
        });
      case 'GET /jwks':
        return jsonReply(200, { keys: [sign.publicKey] });
      case 'POST /token': {
        const { data, error } = tokenRequest.safeParse(parseJson(body));
        return data
          ? jsonReply(200, { access_token: await sign.token(url, data), token_type: 'Bearer' })
          : jsonReply(400, { error: 'invalid_request', error_description: z.prettifyError(error) });
      }
      default:
        return jsonReply(404, { error: 'not_found' });
    }
  };
  const { url, close } = await listen(server);

  return { issuer: url, tokenUrl: `${url}/token`, close };
};

// API Gateway's authorizer supports only RSA.
const algorithm = 'RS256';

const createSigner = async () => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const kid = 'local';

  return {
    publicKey: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: algorithm },

    token(issuer: string, { sub, scope, aud, expiresInSeconds }: z.output<typeof tokenRequest>) {
      const now = Math.floor(Date.now() / 1_000);

      const domain = scope?.includes('aftercommit/') ? 'operators.example' : 'buyers.example';

      return new SignJWT({ email: `${sub}@${domain}`, ...(scope !== undefined && { scope }) })
        .setProtectedHeader({ alg: algorithm, kid })
        .setIssuer(issuer)
        .setSubject(sub)
        .setAudience(aud)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresInSeconds)
        .sign(privateKey);
    },
  };
};

/** Requests a token from a running issuer. */
export const requestToken = async (tokenUrl: string, request: TokenRequest): Promise<string> => {
  const answer = await fetch(tokenUrl, { method: 'POST', body: JSON.stringify(request) });
  if (!answer.ok) throw new Error(`The issuer answered ${answer.status}: ${await answer.text()}`);

  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
};
