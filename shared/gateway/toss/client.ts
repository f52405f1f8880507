import type { Exchange, ExchangeRequest } from '../http-exchange.ts';

interface TossClientOptions {
  readonly url: string;
  readonly secretKey: string;
  readonly send: (
    request: Pick<ExchangeRequest, 'method' | 'url' | 'headers' | 'body'>,
  ) => Promise<Exchange>;
}

/** Toss' HTTP: paths below its address, and who we are. */
export const createTossClient = ({ url, secretKey, send }: TossClientOptions) => {
  const base = url.replace(/\/+$/, '');
  // The key is the user, and there is no password.
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;

  return {
    get: (path: string): Promise<Exchange> =>
      send({ method: 'GET', url: new URL(base + path), headers: { authorization } }),
    /** Toss tells keys apart by our secret key, the method and the path: one key may serve two paths. */
    post: (path: string, key: string, body: object): Promise<Exchange> =>
      send({
        method: 'POST',
        url: new URL(base + path),
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      }),
  };
};
