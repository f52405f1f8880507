import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import * as z from 'zod';
import { cardNumberRejection, hasCardNumber } from '../domain/card-number.ts';
import { type RejectionDetail, RejectionError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import type { OperatorIdentity } from '../domain/operator.ts';
import { requestTraceparent, traceIdOf } from '../observability/trace-context.ts';
import { toPointer } from './json-strings.ts';
import {
  assertJsonContentType,
  assertNoCardNumbers,
  decodeText,
  findAmbiguities,
  isDecoded,
  throwInvalidRequest,
} from './read-json.ts';
import { scopesOfRouteKey } from './routes.ts';

export type ApiEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** The path for logs and problem documents. A path with a card number is replaced by the route template. */
export const loggablePathOf = ({ rawPath, routeKey }: ApiEvent): string =>
  hasCardNumber(unescaped(rawPath)) ? routePathOf({ routeKey }) : rawPath;

/** The path template of the matched route; `/` without one. */
export const routePathOf = ({ routeKey }: Pick<ApiEvent, 'routeKey'>): string =>
  /\/.*/.exec(routeKey)?.[0] ?? '/';

const unescaped = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The trace context of the request, for the events that follow from it. */
export const traceparentOf = ({ headers }: ApiEvent, { awsRequestId }: Context): string =>
  requestTraceparent(awsRequestId, headers.traceparent);

/** The trace id of a request; the request id if its trace context cannot be read. */
export const traceIdIn = (event: ApiEvent, context: Context): string =>
  traceIdOf(traceparentOf(event, context)) ?? context.awsRequestId;

/** The buyer: the `sub` claim of the verified token. Throws unauthorized without one. */
export const buyerOf = (event: ApiEvent): string => {
  const { sub } = event.requestContext.authorizer.jwt.claims;
  if (typeof sub !== 'string' || sub === '' || !sub.isWellFormed()) {
    throw new RejectionError({ code: 'unauthorized', detail: 'The token has no sub claim.' });
  }

  return sub;
};

const maxNameLength = 100;

/**
 * The operator of a request. Throws forbidden if the token has no scope of the matched route. API Gateway
 * checks it too.
 */
export const operatorOf = (event: ApiEvent): OperatorIdentity => {
  const { scope = '', scp = '', name, email } = event.requestContext.authorizer.jwt.claims;
  // Issuers use `scope` or `scp`; API Gateway writes a list in brackets.
  const granted = `${scope} ${scp}`.split(/[\s[\]]+/);
  const accepted = scopesOfRouteKey(event.routeKey);
  const used = accepted.find((one) => granted.includes(one));
  if (used === undefined) {
    throw new RejectionError({
      code: 'forbidden',
      detail: `The token has none of the scopes ${accepted.join(', ')}.`,
    });
  }
  const shownName = [name, email].find(
    (claim): claim is string => typeof claim === 'string' && claim !== '',
  );

  return {
    sub: buyerOf(event),
    ...(shownName && { name: shownName.toWellFormed().slice(0, maxNameLength) }),
    scope: used,
  };
};

/** The Idempotency-Key header. Rejects a missing or an invalid key. */
export const idempotencyKeyOf = ({ headers }: ApiEvent): string => {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new RejectionError({
      code: 'idempotency-key-missing',
      detail: 'Send an Idempotency-Key header, a new one for each new request.',
    });
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new RejectionError({
      code: 'idempotency-key-invalid',
      detail: 'The Idempotency-Key must be 1 to 255 visible ASCII characters.',
    });
  }

  return key;
};

const maxBodyBytes = 64 * 1024;

/** The raw bytes of the body. Rejects more than 64 KiB. */
export const rawBodyOf = ({ body = '', isBase64Encoded }: ApiEvent): Buffer => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) {
    throw new RejectionError({
      code: 'payload-too-large',
      detail: `The body must have at most ${maxBodyBytes} bytes.`,
    });
  }

  return bytes;
};

/** Parses the JSON body by the schema. Rejects it with the location of each error. */
export const parseBody = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> => {
  assertJsonContentType(event.headers);
  const text = decodeText(rawBodyOf(event));
  const value = parseJson(text);
  if (value === undefined) {
    throw new RejectionError({ code: 'invalid-request', detail: 'The body is not valid JSON.' });
  }
  const ambiguities = findAmbiguities(text);
  if (ambiguities.length > 0) throwInvalidRequest(ambiguities);
  assertNoCardNumbers(text);

  return parseWith(schema, value, bodyLocation);
};

/** Parses an optional body: an empty one counts as `{}` if the schema accepts it. */
export const parseOptionalBody = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> => {
  const empty = schema.safeParse({});

  return empty.success && rawBodyOf(event).length === 0 ? empty.data : parseBody(schema, event);
};

/** The schema of a route without a body: it accepts only `{}`. */
export const emptyBodySchema = z.strictObject({});

const pathParameter = z.string().min(1).max(64);

/** Parses a path parameter. */
export const parsePathParameter = (event: ApiEvent, name: string): string =>
  parseWith(pathParameter, decodeParameters(event.pathParameters)[name], () => ({
    parameter: name,
  }));

/** The schema of a route without a query: it rejects every parameter. */
export const emptyQuerySchema = z.strictObject({});

/** Parses the query by the schema. Rejects it with the name of each invalid parameter. */
export const parseQuery = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> =>
  parseWith(schema, decodeParameters(event.queryStringParameters), parameterLocation);

/** Checks path or query parameters. Rejects invalid UTF-8 and card numbers. */
const decodeParameters = (parameters: Readonly<Record<string, string | undefined>> = {}) => {
  const errors = Object.entries(parameters)
    .filter((pair) => !pair.every((text = '') => isDecoded(text)))
    .map(([name]) => ({ parameter: name.toWellFormed(), detail: 'This is not valid UTF-8.' }));
  if (errors.length > 0) throwInvalidRequest(errors);
  if (Object.entries(parameters).some((pair) => hasCardNumber(pair.join(' = '))))
    throw cardNumberRejection();

  return parameters;
};

type Path = readonly PropertyKey[];
type ErrorLocation = Pick<RejectionDetail, 'pointer' | 'parameter'>;

const bodyLocation = (path: Path): ErrorLocation => ({ pointer: toPointer(path) });

const parameterLocation = ([name]: Path): ErrorLocation => ({ parameter: String(name) });

const unknownNameError = (location: ErrorLocation, name: string): RejectionDetail => ({
  ...location,
  detail: `Unknown ${'pointer' in location ? 'field' : 'parameter'} "${name}".`,
});

/** Parses a value by the schema. Throws invalid-request with the location of each error. */
const parseWith = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  locationOf: (path: Path) => ErrorLocation,
): z.infer<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;

  return throwInvalidRequest(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownNameError(locationOf([...issue.path, key]), key))
        : [{ ...locationOf(issue.path), detail: issue.message }],
    ),
  );
};
