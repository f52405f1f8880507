import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageHeaders } from '../../shared/simulators/html-page.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
  type PlainServer,
  reply,
} from '../../shared/simulators/plain-http.ts';
import type { NewProduct } from '../demo/seed.ts';
import { listen, type RunningServer } from '../local/http-server.ts';
import { requestToken } from '../local/issuer.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

type Api = Pick<LocalStack, 'apiUrl' | 'tokenUrl'>;

/** Who can buy what. Prices are for display: the API has its own. */
export interface CheckoutShop {
  readonly buyers: readonly string[];
  readonly products: readonly Omit<NewProduct, 'available'>[];
}

const files: Readonly<Record<string, readonly [name: string, contentType: string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/view.js': ['view.js', 'text/javascript; charset=utf-8'],
};

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers of the page's requests that the API reads, and of the API's responses that the page reads. */
const requestHeaders = ['content-type', 'idempotency-key', 'if-none-match', 'prefer'];
const responseHeaders = ['content-type', 'etag', 'retry-after'];

/** Calls the API of the stack for a buyer. Tokens stay here, so that the page has none. */
const createProxy = ({ apiUrl, tokenUrl }: Api, buyers: readonly string[]) => {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (buyer: string): Promise<string> => {
    const token = tokens.get(buyer) ?? requestToken(tokenUrl, { sub: buyer });
    tokens.set(buyer, token);

    return token;
  };

  return async (path: string, request: PlainRequest): Promise<PlainResponse> => {
    const buyer = request.headers['x-buyer'] ?? '';
    if (!buyers.includes(buyer)) {
      return jsonReply(400, { detail: `Name one of the buyers in X-Buyer: ${buyers.join(', ')}.` });
    }
    const url = new URL(`${apiUrl}${path}`);
    for (const [name, value = ''] of Object.entries(request.query))
      url.searchParams.set(name, value);
    const answer = await fetch(url, {
      method: request.method,
      headers: {
        ...pick(requestHeaders, (name) => request.headers[name]),
        authorization: `Bearer ${await tokenOf(buyer)}`,
      },
      ...(request.body !== '' && { body: request.body }),
    });

    return reply(answer.status, await answer.text(), {
      ...pick(responseHeaders, (name) => answer.headers.get(name) ?? undefined),
      'cache-control': 'no-store',
    });
  };
};

const pick = (names: readonly string[], read: (name: string) => string | undefined) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = read(name);

      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Creates the demo checkout: a page, what it can buy, and `/api/*`, which calls the API of the stack. */
const createCheckout = (stack: Api, { buyers, products }: CheckoutShop): PlainServer => {
  const callApi = createProxy(stack, buyers);

  return async (request) => {
    const { method, path } = request;
    if (path.startsWith('/api/')) return callApi(path.slice('/api'.length), request);
    if (method !== 'GET') return jsonReply(405, { detail: 'Only GET is served here.' });
    if (path === '/shop') return jsonReply(200, { buyers, products });
    const file = files[path];
    if (file === undefined) return jsonReply(404, { detail: `There is no ${path} here.` });
    const [name, contentType] = file;

    return reply(200, readFileSync(join(import.meta.dirname, name), 'utf8'), {
      ...pageHeaders,
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
    });
  };
};

/** Serves the demo checkout on a free port of 127.0.0.1. */
export const startCheckout = (stack: Api, shop: CheckoutShop): Promise<RunningServer> =>
  listen(createCheckout(stack, shop));
