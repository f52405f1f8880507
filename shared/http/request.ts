import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import * as z from 'zod';
import { cardNumberRejection, hasCardNumber } from '../domain/card-number.ts';
import { type RejectionDetail, RejectionError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
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
import { operatorScope } from './routes.ts';

export type ApiEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** The path, as far as it may be repeated. */
export const loggablePathOf = ({ rawPath, routeKey }: ApiEvent): string =>
  hasCardNumber(unescaped(rawPath)) ? routePathOf({ routeKey }) : rawPath;

/** The path of the route that API Gateway has chosen; of none, the root. */
export const routePathOf = ({ routeKey }: Pick<ApiEvent, 'routeKey'>): string =>
  /\/.*/.exec(routeKey)?.[0] ?? '/';

const unescaped = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The trace context that whatever follows from this request carries on. */
export const traceparentOf = ({ headers }: ApiEvent, { awsRequestId }: Context): string =>
  requestTraceparent(awsRequestId, headers.traceparent);

/** The trace id of a request; the request id if its trace context cannot be read. */
export const traceIdIn = (event: ApiEvent, context: Context): string =>
  traceIdOf(traceparentOf(event, context)) ?? context.awsRequestId;

/** The caller: the `sub` of a token that API Gateway has verified. */
export const buyerOf = (event: ApiEvent): string => {
  const { sub } = event.requestContext.authorizer.jwt.claims;
  if (typeof sub !== 'string' || sub === '' || !sub.isWellFormed()) {
    throw new RejectionError({ code: 'unauthorized', detail: 'The token has no sub claim.' });
  }

  return sub;
};

/** The operator: the `sub` of a token that has the operator scope. The gateway asks for it too, where there is one. */
export const operatorOf = (event: ApiEvent): string => {
  const { scope = '', scp = '' } = event.requestContext.authorizer.jwt.claims;
  // Issuers write scopes in one of two claims; a list comes in brackets.
  const scopes = `${scope} ${scp}`.split(/[\s[\]]+/);
  if (!scopes.includes(operatorScope)) {
    throw new RejectionError({
      code: 'forbidden',
      detail: `The token does not have the scope ${operatorScope}.`,
    });
  }

  return buyerOf(event);
};

/** The Idempotency-Key header, 1 to 255 visible ASCII characters. */
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

/** The body, byte for byte as it came. */
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

/** The JSON body as the schema has it; unknown fields are refused by name. */
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

/** The same of a body that may be left out, where its schema takes an empty object. */
export const parseOptionalBody = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> => {
  const empty = schema.safeParse({});

  return empty.success && rawBodyOf(event).length === 0 ? empty.data : parseBody(schema, event);
};

/** The schema of a route that takes no body: what it does not know it refuses by name. */
export const emptyBodySchema = z.strictObject({});

/** A parameter of the route's path. */
export const parsePathParameter = <N extends string>(event: ApiEvent, name: N): string =>
  parseWith(
    z.object({ [name]: z.string().min(1).max(64) }),
    decodeParameters(event.pathParameters),
    parameterLocation,
  )[name] as string;

/** The schema of a route that takes no query: it rejects every parameter by name. */
export const emptyQuerySchema = z.strictObject({});

/** The query as the schema has it; unknown parameters are refused by name. */
export const parseQuery = <S extends z.ZodType>(schema: S, event: ApiEvent): z.infer<S> =>
  parseWith(schema, decodeParameters(event.queryStringParameters), parameterLocation);

/** The parameters of a path or a query; refused where their bytes were not UTF-8. */
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

/** The value as the schema has it; otherwise invalid-request with every fault named. */
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
