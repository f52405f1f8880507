import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tag } from '../../shared/http/operation.ts';
import { operatorScope, type Route } from '../../shared/http/routes.ts';
import { root } from '../cli/paths.ts';
import { type DescribedRoute, describedRoutes } from './openapi/operations.ts';
import { parametersOf, requestBodyOf } from './openapi/requests.ts';
import { responseComponents, responsesOf } from './openapi/responses.ts';
import { createSchemaRegistry, type SchemaRegistry } from './openapi/schema-registry.ts';
import { webhooksOf } from './openapi/webhooks.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const info = {
  title: 'aftercommit',
  version,
  summary: 'Payments that are accepted at once and charged afterwards.',
  description:
    'A buyer orders and pays. What is answered is committed; what follows is told by the payment itself. Amounts are integers in minor units. Unknown fields of a body are refused; answers may gain fields. Every error of the service is a problem document with a `code`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const tags: Readonly<Record<Tag | 'Notifications', string>> = {
  Orders: 'What is bought.',
  Payments: 'How it is paid, and what becomes of the payment.',
  Wallet: "The buyer's money and points.",
  Shop: 'What sells.',
  Operators: 'What only those who run it may do.',
  Service: 'The API itself.',
  Notifications: 'What the service tells by itself.',
};

const token = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: `Its \`sub\` is the buyer. Operators' routes ask for the scope \`${operatorScope}\`, which no buyer's token has.`,
};

const security: Readonly<Record<Route['access'], readonly object[]>> = {
  public: [],
  buyer: [{ token: [] }],
  operator: [{ token: [operatorScope] }],
};

/** The description of the API after OpenAPI 3.1, made from the table of routes and the schemas that the handlers use. */
export const buildOpenApi = () => {
  const registry = createSchemaRegistry();

  return {
    openapi: '3.1.1',
    info,
    // Relative to where it is read.
    servers: [{ url: '.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: pathsOf(describedRoutes, registry),
    webhooks: webhooksOf(registry),
    components: {
      securitySchemes: { token },
      responses: responseComponents(describedRoutes, registry),
      schemas: registry.components(),
    },
  };
};

const pathsOf = (routes: readonly DescribedRoute[], registry: SchemaRegistry) =>
  Object.fromEntries(
    [...Map.groupBy(routes, ({ route }) => route.path)].map(([path, described]) => [
      path,
      Object.fromEntries(
        described.map((one) => [one.route.method.toLowerCase(), operationOf(one, registry)]),
      ),
    ]),
  );

const operationOf = (described: DescribedRoute, registry: SchemaRegistry) => {
  const { route, operation } = described;
  const parameters = parametersOf(described, registry);
  const requestBody = requestBodyOf(described, registry);

  return {
    operationId: camelCase(route.function),
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    security: security[route.access],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(described, registry),
  };
};

const camelCase = (kebabCase: string) =>
  kebabCase.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
