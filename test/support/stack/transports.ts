import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { requestToken } from '../../../dev/local/issuer.ts';
import { type ApiRequest, apiGatewayEvent, routeOf } from '../builders/api-gateway-event.ts';
import { timeoutFactor } from '../timeout-factor.ts';
import { lambda, stack } from './aws-clients.ts';
import { addOwnId } from './own-items.ts';

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Idempotency keys and tokens that this process has sent; the secret-leak check searches for them. */
export const sentSecrets = new Set<string>();

/** Sends a request to the API. */
export type Transport = (request: ApiRequest) => Promise<Reply>;

const tokens = new Map<string, Promise<string>>();

const tokenFor = (sub: string, scope?: string): Promise<string> => {
  const name = JSON.stringify([sub, scope]);
  const token = tokens.get(name) ?? requestToken(stack.tokenUrl, scope ? { sub, scope } : { sub });
  tokens.set(name, token);

  return token;
};

/** Over HTTP, with a token of the stack's issuer. Given headers take precedence. */
export const sendViaGateway: Transport = async (request) => {
  const { method, path, buyer, scope, key, body, query, headers } = request;
  // Short keys occur in other texts by chance.
  if (key !== undefined && key.length >= 32) sentSecrets.add(key);
  const url = new URL(`${stack.apiUrl}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, `${value}`);
  const response = await fetch(url, {
    method,
    headers: {
      ...(buyer !== undefined && { authorization: `Bearer ${await tokenFor(buyer, scope)}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: parseBody(await response.text()),
  };
};

/** Invokes the route's function with the event that API Gateway sends. */
export const invokeDirectly: Transport = async (request) => {
  const { route } = routeOf(request.method, request.path);
  if (request.key !== undefined && request.key.length >= 32) sentSecrets.add(request.key);
  const invoke = new InvokeCommand({
    FunctionName: stack.functions[route.function],
    Payload: JSON.stringify(apiGatewayEvent(request)),
  });
  const invoked = await lambda.send(invoke).catch((error: unknown) => {
    if (!(error instanceof TooManyRequestsException)) throw error;
  });
  // API Gateway maps throttling to 429.
  if (!invoked) return { status: 429, headers: {}, body: {} };
  const { Payload, FunctionError } = invoked;
  const answer = Payload?.transformToString() ?? '';
  // API Gateway maps a timeout to 503: the client may retry with the same key.
  if (FunctionError && answer.includes('Task timed out'))
    return { status: 503, headers: {}, body: {} };
  if (FunctionError) throw new Error(`${route.function} threw: ${answer}`);
  const { statusCode, headers, body } = JSON.parse(answer) as APIGatewayProxyStructuredResultV2;

  return {
    status: statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), `${value}`]),
    ),
    body: parseBody(body ?? ''),
  };
};

const parseBody = (text: string): Reply['body'] => (text === '' ? {} : JSON.parse(text));

const retryTimeoutMs = 60_000 * timeoutFactor;

/** Throttled, or without a response of the function. */
const retryableStatuses = [429, 502, 503, 504];

/**
 * A retry may find its first attempt in progress. On a busy machine even a first attempt may: if DynamoDB stalls, the SDK sends the
 * idempotency record again and the function finds its own record.
 */
const isRetryable = ({ status, body }: Reply) =>
  retryableStatuses.includes(status) || body.code === 'idempotency-key-in-flight';

/** Retries with the same key after an exponential backoff with full jitter. */
export const withRetry =
  (send: Transport): Transport =>
  async (request) => {
    const deadline = performance.now() + retryTimeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      const reply = await send(request);
      for (const name of ['orderId', 'paymentId']) addOwnId(reply.body[name]);
      if (performance.now() > deadline || !isRetryable(reply)) return reply;
      await pause(Math.random() * Math.min(200 * 2 ** attempt, 3_000));
    }
  };

/** Whether the stack has no HTTP API: LocalStack's open edition has neither HTTP APIs nor IAM. */
export const isDirectOnly = process.env.AFTERCOMMIT_TRANSPORT === 'direct';
