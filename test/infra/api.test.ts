import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { PaymentApi } from '../../cdk/constructs/payment-api.ts';
import { ServiceFunction } from '../../cdk/constructs/service-function.ts';
import { stages } from '../../cdk/stages.ts';
import {
  fallbackFunctionName,
  isOperatorRoute,
  methodsOf,
  type Route,
  routes,
  scopesOf,
} from '../../shared/http/routes.ts';
import { invokedFunctionOf, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Synthesis, synthesize, synthesizeApp } from '../support/cdk/synthesis.ts';

const keyOf = ({ method, path }: Route) => `${method} ${path}`;

const routeOf = ({ all }: Synthesis, key: string) =>
  all('AWS::ApiGatewayV2::Route').find(
    ({ name, properties }) => name.startsWith('Api/') && properties.RouteKey === key,
  )?.properties;

const authorizerOf = ({ named }: Synthesis) => named('Api/Http/Tokens').properties;

describe.each(Object.entries(contexts))('the API (%s)', (stage, context) => {
  const synthesis = synthesize(context);
  const { all, named } = synthesis;

  it('has the routes of the table and a fallback', () => {
    const served = all('AWS::ApiGatewayV2::Route').filter(({ name }) => name.startsWith('Api/'));

    expect(served.map(({ properties }) => properties.RouteKey).sort()).toEqual(
      [
        ...(routes as readonly Route[]).flatMap(({ path, ...route }) =>
          methodsOf(route).map((method) => `${method} ${path}`),
        ),
        '$default',
      ].sort(),
    );
  });

  it.each(routes.map((route) => [keyOf(route), route] as const))(
    'routes %s to its function behind the authorizer',
    (key, route) => {
      const found = routeOf(synthesis, key);
      const integration = named(String(found?.Target).replace('integrations/', ''));

      expect(integration.properties).toMatchObject({
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
      });
      expect(invokedFunctionOf(integration.properties.IntegrationUri)).toBe(
        pascalCase(route.function),
      );
      expect(found).toMatchObject(
        route.access === 'public'
          ? { AuthorizationType: 'NONE' }
          : { AuthorizationType: 'JWT', AuthorizerId: 'Api/Http/Tokens' },
      );
      expect(found?.AuthorizationScopes).toEqual(
        isOperatorRoute(route) ? scopesOf(route) : undefined,
      );
    },
  );

  it('routes every other request to the rejecting function, without authorization', () => {
    const found = routeOf(synthesis, '$default');
    const integration = named(String(found?.Target).replace('integrations/', ''));

    expect(found).toMatchObject({ AuthorizationType: 'NONE' });
    expect(invokedFunctionOf(integration.properties.IntegrationUri)).toBe(
      pascalCase(fallbackFunctionName),
    );
  });

  it('trusts exactly one issuer', () => {
    const expected =
      stage === 'sandbox'
        ? {
            Issuer: expect.stringContaining('Buyers/Pool'),
            Audience: ['Buyers/Pool/Buyers', 'Buyers/Pool/Operators'],
          }
        : { Issuer: context.issuer, Audience: ['aftercommit'] };

    expect(authorizerOf(synthesis)).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: expected,
    });
  });

  it('has an ApiUrl output without a trailing slash', () => {
    expect(synthesis.outputs.ApiUrl).toMatch(/^https:.+[^/]$/);
  });

  it('allows no other origin by default', () => {
    expect(named('Api/Http').properties.CorsConfiguration).toBeUndefined();
  });
});

describe('HEAD routes', () => {
  it.each(
    (routes as readonly Route[])
      .filter(({ method }) => method === 'GET')
      .map((route) => [keyOf(route), route] as const),
  )('have the integration and the authorizer of %s', (key, { path }) => {
    const synthesis = synthesize(contexts.sandbox);
    const { RouteKey: _, Target, ...head } = routeOf(synthesis, `HEAD ${path}`) ?? {};
    const { RouteKey: __, Target: own, ...get } = routeOf(synthesis, key) ?? {};

    expect(head).toEqual(get);
    expect(String(Target)).toContain('integrations/');
    expect(own).toBeDefined();
  });
});

describe('the API with settings', () => {
  it('allows the configured origins', () => {
    const { named } = synthesize({
      ...contexts.sandbox,
      corsOrigins: 'https://shop.example,https://pay.example',
    });

    expect(valueAt(named('Api/Http').properties, 'CorsConfiguration.AllowOrigins')).toEqual([
      'https://shop.example',
      'https://pay.example',
    ]);
    expect(valueAt(named('Api/Http').properties, 'CorsConfiguration.AllowHeaders')).toEqual(
      expect.arrayContaining(['traceparent', 'tracestate', 'idempotency-key', 'prefer']),
    );
    expect(valueAt(named('Api/Http').properties, 'CorsConfiguration.AllowMethods')).toEqual([
      'GET',
      'HEAD',
      'POST',
    ]);
    expect(valueAt(named('Api/Http').properties, 'CorsConfiguration.MaxAge')).toBe(7_200);
  });

  it('trusts the configured issuer and creates no user pool', () => {
    const synthesis = synthesize({
      ...contexts.production,
      issuer: 'https://id.example',
      audience: 'shop,desk',
    });

    expect(authorizerOf(synthesis).JwtConfiguration).toEqual({
      Issuer: 'https://id.example',
      Audience: ['shop', 'desk'],
    });
    expect(synthesis.all('AWS::Cognito::UserPool')).toEqual([]);
  });

  it('is omitted for an emulator without HTTP APIs', () => {
    const { all, outputs } = synthesize({ ...contexts.local, api: 'none' });

    expect(all().filter(({ type }) => type.startsWith('AWS::ApiGatewayV2'))).toEqual([]);
    expect(outputs).not.toHaveProperty('ApiUrl');
    expect(outputs).toHaveProperty('FunctionAcceptPayment');
  });
});

describe('operator authorization', () => {
  const route: Route = {
    method: 'GET',
    path: '/operator/reviews',
    function: 'get-health',
    access: 'review',
  };
  const synthesis = synthesizeApp((app) => {
    const stack = new Stack(app, 'api');
    const profile = stages.production;
    const functions = Object.fromEntries(
      [route.function, fallbackFunctionName].map((folder) => [
        folder,
        new ServiceFunction(stack, folder, { profile }),
      ]),
    );
    const tokens = { issuer: 'https://id.example', audience: ['desk'] };

    new PaymentApi(stack, 'Api', { routes: [route], functions, tokens, corsOrigins: [], profile });
  });

  it('requires one of the scopes of the route', () => {
    expect(routeOf(synthesis, keyOf(route))).toMatchObject({
      AuthorizationType: 'JWT',
      AuthorizationScopes: ['aftercommit/review', 'aftercommit/support', 'aftercommit/operator'],
    });
  });
});
