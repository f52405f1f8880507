import type { ExchangeRequest, SendHttp } from '../../../shared/gateway/exchange.ts';
import type { PlainRequest, PlainServer } from '../../../shared/simulators/plain-http.ts';

/** A request of an adapter or a browser, as a server in this process receives it. */
export const toPlainRequest = ({
  method,
  url,
  headers,
  body = '',
}: Pick<ExchangeRequest, 'method' | 'url' | 'headers' | 'body'>): PlainRequest => ({
  method,
  path: url.pathname,
  query: Object.fromEntries(url.searchParams),
  headers: {
    host: url.host,
    ...Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  },
  body,
});

/** Sends an adapter's requests to a server in this process. */
export const sendToPlainServer =
  (server: PlainServer): SendHttp =>
  async (request) => {
    const response = await server(toPlainRequest(request));
    if (response.kind === 'hang') return { kind: 'lost', reason: 'no response' };

    return { kind: 'answered', status: response.status, body: JSON.parse(response.body) };
  };
