import type { Exchange, ExchangeRequest } from '../exchange.ts';

interface TossClientOptions {
  readonly url: string;
  readonly secretKey: string;
  readonly send: (
    request: Pick<ExchangeRequest, 'method' | 'url' | 'headers' | 'body'>,
  ) => Promise<Exchange>;
}

/** Sends authenticated requests to paths of the Toss API. */
export const createTossClient = ({ url, secretKey, send }: TossClientOptions) => {
  const base = url.replace(/\/+$/, '');
  // The key is the user name; the password is empty.
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;

  return {
    get: (path: string): Promise<Exchange> =>
      send({ method: 'GET', url: new URL(base + path), headers: { authorization } }),
    /** Toss scopes an idempotency key by secret key, method and path: two paths may share a key. */
    post: (path: string, key: string, body: object): Promise<Exchange> =>
      send({
        method: 'POST',
        url: new URL(base + path),
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      }),
  };
};
