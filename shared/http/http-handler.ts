import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import * as z from 'zod';
import { cardNumberRefused, hasCardNumber } from '../domain/card-number.ts';
import { Refusal, type RefusalDetail } from '../domain/errors.ts';
import { logger, safely } from '../observability/logger.ts';
import { measure, publishMeasures, tellOutcome } from '../observability/metrics.ts';
import { tracedRequest, traceIdOf } from '../observability/trace-context.ts';
import { toPointer } from './json-strings.ts';
import type { HttpAnswer } from './problem.ts';
import {
  ambiguitiesIn,
  expectJson,
  isDecoded,
  parseJson,
  refuseCardNumbers,
  refuseFaults,
  textOf,
} from './read-json.ts';
import { answered, type Result, refused } from './response.ts';
import { operatorScope, refusesQuery } from './routes.ts';

export type ApiEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** What an HTTP handler answers, and the ids that its log line carries. */
export interface Answer extends HttpAnswer {
  readonly ids?: Readonly<Record<string, string>>;
}

/**
 * Answers one route. Whatever is thrown becomes a problem document, also what fails while the answer is written; one log line tells the
 * outcome.
 */
export const httpHandler = (answer: (event: ApiEvent, context: Context) => Promise<Answer>) =>
  middy<ApiEvent, Result>().handler(async (event, context) => {
    const began = performance.now();
    const asked = {
      method: event.requestContext.http.method,
      route: routePathOf(event),
      instance: pathShown(event),
      traceId: traceIdIn(event, context),
    };
    // What reads the request may throw before there is a promise.
    const ended = await (async () => {
      if (refusesQuery(event.routeKey)) queryOf(noQuery, event);

      return answered(await answer(event, context), asked);
    })().catch((error: unknown) => refused(error, asked));
    const { statusCode: status } = ended.result;
    measure('AnswerLatency', Math.round(performance.now() - began), { outcome: ended.outcome });
    safely(() => record(event, { status, traceId: asked.traceId, ...ended.told }));

    return ended.result;
  });

/** The path, as far as it may be repeated. */
export const pathShown = ({ rawPath, routeKey }: ApiEvent): string =>
  hasCardNumber(unescaped(rawPath)) ? routePathOf({ routeKey }) : rawPath;

/** The path of the route that API Gateway has chosen; of none, the root. */
const routePathOf = ({ routeKey }: Pick<ApiEvent, 'routeKey'>): string =>
  /\/.*/.exec(routeKey)?.[0] ?? '/';

const unescaped = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

type Line = Readonly<Record<string, unknown>> & { readonly status: number };

const record = ({ routeKey: route }: ApiEvent, line: Line): void => {
  // Where nothing is amiss, the service says which route it was.
  if (line.status >= 500) logger.error('answered', { route, ...line });
  else tellOutcome('answered', line);
  publishMeasures();
};

/** The trace context that whatever follows from this request carries on. */
export const traceOf = ({ headers }: ApiEvent, { awsRequestId }: Context): string =>
  tracedRequest(awsRequestId, headers.traceparent);

const traceIdIn = (event: ApiEvent, context: Context): string =>
  traceIdOf(traceOf(event, context)) ?? context.awsRequestId;

/** The caller: the `sub` of a token that API Gateway has verified. */
export const buyerOf = (event: ApiEvent): string => {
  const { sub } = event.requestContext.authorizer.jwt.claims;
  if (typeof sub !== 'string' || sub === '' || !sub.isWellFormed()) {
    throw new Refusal({ code: 'unauthorized', detail: 'The token has no sub.' });
  }

  return sub;
};

/** The operator: the `sub` of a token that has the operator scope. The gateway asks for it too, where there is one. */
export const operatorOf = (event: ApiEvent): string => {
  const { scope = '', scp = '' } = event.requestContext.authorizer.jwt.claims;
  // Issuers write scopes in one of two claims; a list comes in brackets.
  const scopes = `${scope} ${scp}`.split(/[\s[\]]+/);
  if (!scopes.includes(operatorScope)) {
    throw new Refusal({ code: 'forbidden', detail: `The token has no scope ${operatorScope}.` });
  }

  return buyerOf(event);
};

/** The Idempotency-Key header, 1 to 255 visible ASCII characters. */
export const keyOf = ({ headers }: ApiEvent): string => {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new Refusal({
      code: 'idempotency-key-missing',
      detail: 'Send an Idempotency-Key header, a new one for each new request.',
    });
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Refusal({
      code: 'idempotency-key-invalid',
      detail: 'The Idempotency-Key is 1 to 255 visible ASCII characters.',
    });
  }

  return key;
};

const maxBodyBytes = 64 * 1024;

/** The body, byte for byte as it came. */
export const rawBodyOf = ({ body = '', isBase64Encoded }: ApiEvent): Buffer => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) {
    throw new Refusal({
      code: 'payload-too-large',
      detail: `A body has at most ${maxBodyBytes} bytes.`,
    });
  }

  return bytes;
};

/** The JSON body as the schema has it; unknown fields are refused by name. */
export const bodyOf = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> => {
  expectJson(event.headers);
  const text = textOf(rawBodyOf(event));
  const value = parseJson(text);
  if (value === undefined) {
    throw new Refusal({ code: 'invalid-request', detail: 'The body is not JSON.' });
  }
  const ambiguities = ambiguitiesIn(text);
  if (ambiguities.length > 0) refuseFaults(ambiguities);
  refuseCardNumbers(text);

  return parsed(schema, value, byPointer);
};

/** The same of a body that may be left out, where its schema takes an empty object. */
export const optionalBodyOf = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> => {
  const empty = schema.safeParse({});

  return empty.success && rawBodyOf(event).length === 0 ? empty.data : bodyOf(schema, event);
};

/** The schema of a route that takes no body: what it does not know it refuses by name. */
export const emptyBody = z.strictObject({});

/** A parameter of the route's path. */
export const pathOf = <N extends string>(event: ApiEvent, name: N): string =>
  parsed(
    z.object({ [name]: z.string().min(1).max(64) }),
    decoded(event.pathParameters),
    byParameter,
  )[name] as string;

const noQuery = z.strictObject({});

/** The query as the schema has it; unknown parameters are refused by name. */
export const queryOf = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> =>
  parsed(schema, decoded(event.queryStringParameters), byParameter);

/** The parameters of a path or a query; refused where their bytes were not UTF-8. */
const decoded = (parameters: Readonly<Record<string, string | undefined>> = {}) => {
  const faults = Object.entries(parameters)
    .filter((pair) => !pair.every((text = '') => isDecoded(text)))
    .map(([name]) => ({ parameter: name.toWellFormed(), detail: 'This is not valid UTF-8.' }));
  if (faults.length > 0) refuseFaults(faults);
  if (Object.entries(parameters).some((pair) => hasCardNumber(pair.join(' = '))))
    throw cardNumberRefused();

  return parameters;
};

type Path = readonly PropertyKey[];
type Place = Pick<RefusalDetail, 'pointer' | 'parameter'>;

const byPointer = (path: Path): Place => ({ pointer: toPointer(path) });

const byParameter = ([name]: Path): Place => ({ parameter: String(name) });

/** The value as the schema has it; otherwise invalid-request with every fault named. */
const parsed = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  placeOf: (path: Path) => Place,
): z.infer<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;

  return refuseFaults(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            ...placeOf([...issue.path, key]),
            detail: `"${key}" is not known here.`,
          }))
        : [{ ...placeOf(issue.path), detail: issue.message }],
    ),
  );
};
