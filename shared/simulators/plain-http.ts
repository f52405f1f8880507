/** A request, independent of Node's server and API Gateway: header names in lower case, the body as text. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type PlainResponse =
  /** Sent `afterMs` from now. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: string;
      readonly afterMs: number;
    }
  /** Never answers while the client is connected. */
  | { readonly kind: 'hang' };

export type PlainServer = (request: PlainRequest) => Promise<PlainResponse>;

export const jsonReply = (status: number, body: unknown, afterMs = 0): PlainResponse => ({
  kind: 'reply',
  status,
  body: JSON.stringify(body),
  afterMs,
});

/** Serves several servers under one address, each below its prefix. */
export const mount =
  (servers: Readonly<Record<`/${string}`, PlainServer>>): PlainServer =>
  async (request) => {
    const found = Object.entries(servers).find(
      ([prefix]) => request.path === prefix || request.path.startsWith(`${prefix}/`),
    );
    if (!found) return jsonReply(404, { code: 'no_such_route' });

    const [prefix, server] = found;

    return server({ ...request, path: request.path.slice(prefix.length) || '/' });
  };
