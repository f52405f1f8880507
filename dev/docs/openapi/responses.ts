import type { ResponseHeader } from '../../../shared/http/headers.ts';
import type { Operation, SuccessResponse } from '../../../shared/http/operation.ts';
import { type ProblemCode, statusByCode } from '../../../shared/http/problem.ts';
import { apiGatewayMessageSchema, problemSchema } from '../../../shared/http/schemas/problem.ts';
import { problemGuidance } from '../problems.ts';
import { examplesOf } from './examples.ts';
import { responseHeaders } from './headers.ts';
import type { DescribedRoute } from './operations.ts';
import { gatewayStatusesOf, headersOf, problemsOf, statusOf } from './route-problems.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** Responses that are the same for every route: API Gateway can send them itself. */
const sharedResponses: Readonly<Record<number, readonly [name: string, description: string]>> = {
  401: ['Unauthorized', 'The token is missing, expired or not valid, or has no subject.'],
  403: [
    'Forbidden',
    'The token has none of the scopes of the route, or the action is not allowed to this caller.',
  ],
  429: ['TooManyRequests', 'Too many requests. Send the same request again later.'],
  500: ['InternalError', 'An unexpected error. Send the same request again.'],
  503: ['TemporarilyUnavailable', 'Temporarily unavailable. Send the same request again later.'],
};

/** The responses of a route, by status. */
export const responsesOf = (described: DescribedRoute, registry: SchemaRegistry) => {
  const { operation } = described;
  const fromGateway = gatewayStatusesOf(described);
  const own = problemsOf(described).filter((code) => !fromGateway.includes(statusOf(code)));

  return Object.fromEntries([
    ...Object.entries(operation.responses).map(([status, success]) => [
      status,
      successResponse(operation, Number(status), success, registry),
    ]),
    ...[...Map.groupBy(own, statusOf)].map(([status, codes]) => [
      status,
      problemResponse(operation, status, codes, registry),
    ]),
    ...fromGateway.map((status) => [
      status,
      { $ref: `#/components/responses/${sharedResponses[status]?.[0]}` },
    ]),
  ]);
};

/** The response components that the routes refer to. */
export const responseComponents = (routes: readonly DescribedRoute[], registry: SchemaRegistry) => {
  const used = new Set(routes.flatMap(gatewayStatusesOf).toSorted());
  const codes = Object.keys(statusByCode) as ProblemCode[];

  return Object.fromEntries(
    [...used].map((status) => {
      const [name = '', description] = sharedResponses[status] ?? [];
      const ownCodes = codes.filter((code) => statusOf(code) === status);
      const content = {
        ...(ownCodes.length > 0 && {
          'application/problem+json': { schema: problemBodySchema(ownCodes, registry) },
        }),
        'application/json': { schema: registry.schemaOf(apiGatewayMessageSchema) },
      };

      return [
        name,
        {
          description,
          ...headerObjects(
            optionalHeaders(ownCodes, (code) => problemGuidance[code].headers),
            () => ({}),
          ),
          content,
        },
      ];
    }),
  );
};

const successResponse = (
  operation: Operation,
  status: number,
  { description, schema, headers = [], optionalHeaders: optional = [] }: SuccessResponse,
  { schemaOf }: SchemaRegistry,
) => ({
  description,
  ...headerObjects(
    [
      ...headers.map((name) => [name, responseHeaders[name]] as const),
      ...optional.map((name) => [name, { ...responseHeaders[name], required: false }] as const),
    ],
    (name) => headerExamples(operation, status, name),
  ),
  ...(schema && {
    content: {
      'application/json': { schema: schemaOf(schema), ...bodyExamples(operation, status) },
    },
  }),
});

const problemResponse = (
  operation: Operation,
  status: number,
  codes: readonly ProblemCode[],
  registry: SchemaRegistry,
) => ({
  description: codes.map((code) => `- \`${code}\`: ${problemGuidance[code].when}`).join('\n'),
  ...headerObjects(
    optionalHeaders(codes, (code) => headersOf(operation, code)),
    (name) => headerExamples(operation, status, name),
  ),
  content: {
    'application/problem+json': {
      schema: problemBodySchema(codes, registry),
      ...bodyExamples(operation, status),
    },
  },
});

const problemBodySchema = (codes: readonly ProblemCode[], { schemaOf }: SchemaRegistry) => ({
  allOf: [schemaOf(problemSchema), { type: 'object', properties: { code: { enum: codes } } }],
});

type Header = (typeof responseHeaders)[ResponseHeader];

/** The headers of these problems; each description lists its codes. */
const optionalHeaders = (
  codes: readonly ProblemCode[],
  headersOfCode: (code: ProblemCode) => readonly ResponseHeader[] | undefined,
): (readonly [ResponseHeader, Header])[] => {
  const pairs = codes.flatMap((code) =>
    (headersOfCode(code) ?? []).map((header) => ({ header, code })),
  );

  return [...Map.groupBy(pairs, ({ header }) => header)].map(([header, problems]) => {
    const { description, schema } = responseHeaders[header];
    const names = problems.map(({ code }) => `\`${code}\``).join(', ');

    return [header, { description: `For ${names}: ${description}`, required: false, schema }];
  });
};

const headerObjects = (
  headers: readonly (readonly [ResponseHeader, Header])[],
  examples: (name: ResponseHeader) => object,
) =>
  headers.length > 0 && {
    headers: Object.fromEntries(
      headers.map(([name, header]) => [name, { ...header, ...examples(name) }]),
    ),
  };

const bodyExamples = (operation: Operation, status: number) =>
  examplesOf(
    operation,
    ({ response }) => (response.status === status ? response.body : undefined),
    true,
  );

const headerExamples = (operation: Operation, status: number, name: ResponseHeader) =>
  examplesOf(operation, ({ response }) =>
    response.status === status ? response.headers?.[name] : undefined,
  );
