import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describedRoutes } from '../../../../dev/docs/openapi/operations.ts';
import { createSchemaRegistry } from '../../../../dev/docs/openapi/schema-registry.ts';
import { buildOpenApi } from '../../../../dev/docs/openapi.ts';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import { isOperatorRoute, scopesOf } from '../../../../shared/http/routes.ts';

const named = describedRoutes.map(
  (described) => [`${described.route.method} ${described.route.path}`, described] as const,
);

describe('OpenAPI document', () => {
  it('passes the linter without an error or a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] });

    const found = await lintFromString({ source: JSON.stringify(buildOpenApi()), config });

    expect(
      found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).toEqual([]);
  });

  it('requires the token of the route table', () => {
    const paths: Readonly<Record<string, Readonly<Record<string, { security: unknown }>>>> =
      buildOpenApi().paths;
    for (const [name, { route }] of named) {
      const { security } = paths[route.path]?.[route.method.toLowerCase()] ?? {};
      const expected = {
        public: [],
        buyer: [{ token: [] }],
        operator: scopesOf(route).map((scope) => ({ token: [scope] })),
      };

      expect(security, name).toEqual(
        expected[isOperatorRoute(route) ? 'operator' : (route.access as 'public' | 'buyer')],
      );
    }
  });

  it('describes each notification', () => {
    expect(Object.keys(buildOpenApi().webhooks).toSorted()).toEqual(
      subscriptions['notify-buyer'].toSorted(),
    );
  });

  it.each(named)('has an example of each success of %s', (_name, { operation }) => {
    const statuses = Object.values(operation.examples).map(({ response }) =>
      String(response.status),
    );

    expect(statuses).toEqual(expect.arrayContaining(Object.keys(operation.responses)));
  });
});

describe('schema registry', () => {
  const line = z.strictObject({ quantity: z.int().default(1) });

  it('forbids unknown fields in requests and allows them in responses', () => {
    const { schemaOf } = createSchemaRegistry();

    expect(schemaOf(line, 'input')).toEqual({
      type: 'object',
      properties: { quantity: { type: 'integer', default: 1 } },
      additionalProperties: false,
    });
    expect(schemaOf(line)).toMatchObject({ required: ['quantity'] });
    expect(schemaOf(line)).not.toHaveProperty('additionalProperties');
  });

  it('registers a schema with an id once and refers to it', () => {
    const { schemaOf, components } = createSchemaRegistry();
    const named = line.meta({ id: 'BookLine' });

    expect(schemaOf(z.array(named))).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/BookLine' },
    });
    expect(schemaOf(named)).toEqual({ $ref: '#/components/schemas/BookLine' });
    expect(Object.keys(components())).toEqual(['BookLine']);
  });

  it('rejects another schema with the same id', () => {
    const { schemaOf } = createSchemaRegistry();
    const named = line.meta({ id: 'BookEntry' });
    schemaOf(named, 'input');

    expect(() => schemaOf(named)).toThrow('Two schemas have the id BookEntry.');
  });
});
