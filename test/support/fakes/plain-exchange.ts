import type { SendHttp } from '../../../shared/gateway/exchange.ts';
import type { PlainServer } from '../../../shared/simulators/plain-http.ts';

/** Sends an adapter's requests to a server in this process. */
export const sendToPlainServer =
  (server: PlainServer): SendHttp =>
  async ({ method, url, headers, body = '' }) => {
    const { pathname: path, searchParams, host } = url;
    const query = Object.fromEntries(searchParams);
    const response = await server({ method, path, query, headers: { host, ...headers }, body });
    if (response.kind === 'hang') return { kind: 'lost', reason: 'no response' };

    return { kind: 'answered', status: response.status, body: JSON.parse(response.body) };
  };
