import type {
  PlainRequest,
  PlainResponse,
  PlainServer,
} from '../../../shared/simulators/plain-http.ts';

/** Calls a plain HTTP handler without a network. */
export const createPlainClient = (server: PlainServer) => {
  const send = (method: string, target: string, rest: Partial<PlainRequest> = {}) => {
    const { pathname, searchParams } = new URL(target, 'http://localhost');

    return server({
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: {},
      body: '',
      ...rest,
    });
  };

  return {
    get: (target: string) => send('GET', target),
    put: (target: string, body: unknown) => send('PUT', target, { body: JSON.stringify(body) }),
    post: (target: string, body: unknown, headers: Record<string, string> = {}) =>
      send('POST', target, { body: JSON.stringify(body), headers }),
  };
};

/** Status and parsed body of a response. */
export const toComparable = (answer: PlainResponse) =>
  answer.kind === 'hang'
    ? { hangs: true }
    : { status: answer.status, afterMs: answer.afterMs, body: JSON.parse(answer.body) };
