import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tag } from '../../shared/http/operation.ts';
import { isOperatorRoute, operatorScope, type Route, scopesOf } from '../../shared/http/routes.ts';
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
  summary: 'Accepts payments immediately and charges them asynchronously.',
  description:
    'Orders, payments, refunds and operator tools. A response is sent after its data is committed; get the payment to follow the asynchronous charge. Amounts are integers in minor units of their currency. Requests with unknown fields are rejected; responses may gain fields. Every error of the service is a problem document (RFC 9457) with a `code`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const tags: Readonly<Record<Tag | 'Notifications', string>> = {
  Orders: 'Create, list and cancel orders.',
  Payments: 'Accept, follow, cancel and refund payments.',
  Wallet: 'The balance and the points of the buyer.',
  Shop: 'Sales rankings.',
  Operators: 'Reviews, dead letters, inquiries and reconciliation.',
  Service: 'Health, the OpenAPI document and gateway webhooks.',
  Notifications: 'Webhooks that the service sends.',
};

const token = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: `JWT whose \`sub\` claim is the buyer. Each operator route requires one of the scopes that it names; \`${operatorScope}\` is one of all.`,
};

/** One of these is required. */
const securityOf = (route: Route): readonly object[] => {
  if (route.access === 'public') return [];

  return isOperatorRoute(route)
    ? scopesOf(route).map((scope) => ({ token: [scope] }))
    : [{ token: [] }];
};

/** The OpenAPI 3.1 document, generated from the route table and the schemas of the handlers. */
export const buildOpenApi = () => {
  const registry = createSchemaRegistry();

  return {
    openapi: '3.1.1',
    info,
    // Relative to the URL of the document.
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
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(described, registry),
  };
};

const camelCase = (kebabCase: string) =>
  kebabCase.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
