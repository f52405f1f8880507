import type * as z from 'zod';
import type { Example } from '../../../shared/http/examples.ts';
import type { Operation } from '../../../shared/http/operation.ts';
import { examplesOf } from './examples.ts';
import { requestHeaders } from './headers.ts';
import type { DescribedRoute } from './operations.ts';
import { parametersOfPath } from './route-problems.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** The path, query and header parameters of a route. */
export const parametersOf = (
  { route, operation }: DescribedRoute,
  { schemaOf }: SchemaRegistry,
) => [
  ...parametersOfPath(route.path).map((name) => ({
    name,
    in: 'path',
    description: `ID of the ${name.replace(/Id$/, '')}.`,
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 64 },
    ...requestExamples(operation, ({ path }) => path?.[name]),
  })),
  ...Object.entries(operation.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !mayBeAbsent(schema as z.ZodType),
    schema: schemaOf(schema as z.ZodType),
    ...requestExamples(operation, ({ query }) => query?.[name]),
  })),
  ...(operation.headers ?? []).map((name) => ({
    name,
    in: 'header',
    ...requestHeaders[name],
    ...requestExamples(operation, ({ headers }) => headers?.[name]),
  })),
];

/** The examples of a request. An invalid request is not an example: only its response is shown. */
const requestExamples = (operation: Operation, pick: (example: Example) => unknown) =>
  examplesOf(operation, (example) => (example.response.status === 400 ? undefined : pick(example)));

const mayBeAbsent = (schema: z.ZodType) => schema.safeParse(undefined).success;

/** The request body of a route, if it has one. */
export const requestBodyOf = ({ operation }: DescribedRoute, { schemaOf }: SchemaRegistry) =>
  operation.body && {
    required: !operation.isBodyOptional,
    content: {
      'application/json': {
        schema: schemaOf(operation.body, 'input'),
        ...requestExamples(operation, ({ body }) => body),
      },
    },
  };
