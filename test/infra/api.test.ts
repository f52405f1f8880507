import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { PaymentApi } from '../../cdk/constructs/payment-api.ts';
import { ServiceFunction } from '../../cdk/constructs/service-function.ts';
import { type RouteGroup, stages } from '../../cdk/stages.ts';
import {
  fallbackFunctionName,
  isOperatorRoute,
  methodsOf,
  type Route,
  routes,
  scopesOf,
} from '../../shared/http/routes.ts';
import { invokedFunctionOf, toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
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

  it('logs who called, from where and what failed, and no token', () => {
    const settings = named('Api/Stage').properties.AccessLogSettings;
    const format = JSON.parse(toText(valueAt(settings, 'Format')));

    expect(format).toMatchObject({
      requestId: '$context.requestId',
      sourceAddress: '$context.identity.sourceIp',
      userAgent: '$context.identity.userAgent',
      subject: '$context.authorizer.claims.sub',
      error: '$context.error.message',
      authorizerError: '$context.authorizer.error',
      integrationError: '$context.integrationErrorMessage',
    });
    expect(JSON.stringify(format)).not.toMatch(/header|authorization|body/i);
  });

  it('keeps the access log for 13 months in production', () => {
    const days = { local: 1, sandbox: 7, production: 400 };

    expect(valueAt(named('Api/Stage').properties, 'AccessLogSettings.DestinationArn')).toBe(
      'Api/AccessLogs.Arn',
    );
    expect(named('Api/AccessLogs').properties.RetentionInDays).toBe(
      days[stage as keyof typeof days],
    );
  });

  it('limits the rate of requests', () => {
    const { rateLimit, burstLimit } = stages[stage as keyof typeof stages].throttle;

    expect(named('Api/Stage').properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    });
  });

  it('allows no other origin by default', () => {
    expect(named('Api/Http').properties.CorsConfiguration).toBeUndefined();
  });
});

describe.each([
  ['sandbox', contexts.sandbox],
  ['production', contexts.production],
] as const)('route throttles (%s)', (stage, context) => {
  const { all, named } = synthesize(context);
  const routesOfService = all('AWS::ApiGatewayV2::Route').filter(({ name }) =>
    name.startsWith('Api/'),
  );
  const { properties, dependsOn } = named('Api/Stage');
  const settings = properties.RouteSettings as Readonly<Record<string, unknown>>;
  const limitOf = (group: RouteGroup) => ({
    ThrottlingRateLimit: stages[stage].routeThrottles[group].rateLimit,
    ThrottlingBurstLimit: stages[stage].routeThrottles[group].burstLimit,
  });

  it('limit every route of the API, and no other', () => {
    expect(Object.keys(settings).sort()).toEqual(
      routesOfService.map(({ properties: { RouteKey } }) => RouteKey).sort(),
    );
  });

  it.each([
    ['GET /payments/{paymentId}', 'status'],
    ['HEAD /payments/{paymentId}', 'status'],
    ['GET /refunds/{refundId}', 'status'],
    ['POST /payments', 'purchase'],
    ['POST /orders', 'purchase'],
    ['POST /webhooks/pg', 'webhook'],
    ['GET /health', 'public'],
    ['$default', 'public'],
    ['POST /operator/dead-letters/redrive', 'operator'],
    ['GET /operator/ledger', 'operator'],
    ['GET /payments', 'buyer'],
    ['POST /payments/{paymentId}/cancel', 'buyer'],
  ] as const)('limit %s as its group: %s', (key, group) => {
    expect(settings[key]).toMatchObject(limitOf(group));
  });

  it('are set after the routes exist', () => {
    expect(dependsOn).toEqual(expect.arrayContaining(routesOfService.map(({ name }) => name)));
  });
});

it('has no route throttles on the local stage, whose API does not throttle', () => {
  expect(synthesize(contexts.local).named('Api/Stage').properties).not.toHaveProperty(
    'RouteSettings',
  );
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

  it('gives the scopes to clients with a secret, never to buyers', () => {
    const { named } = synthesize(contexts.sandbox);
    const scopes = ['support', 'review', 'redrive', 'operator'];

    expect(named('Buyers/Pool/Operators').properties).toMatchObject({
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: scopes.map((name) => `Buyers/Pool/ResourceServer/${name}`),
    });
    expect(named('Buyers/Pool/ResourceServer').properties).toMatchObject({
      Identifier: 'aftercommit',
      Scopes: scopes.map((ScopeName) => ({ ScopeName, ScopeDescription: expect.any(String) })),
    });
    expect(named('Buyers/Pool/Buyers').properties.AllowedOAuthFlowsUserPoolClient).toBe(false);
    expect(toList(named('Buyers/Pool/Buyers').properties.AllowedOAuthScopes)).toEqual([]);
    expect(valueAt(named('Buyers/Pool').properties, 'AdminCreateUserConfig')).toEqual({
      AllowAdminCreateUserOnly: true,
    });
  });

  it('asks for long passwords, and lets a user add a second factor', () => {
    expect(synthesize(contexts.sandbox).named('Buyers/Pool').properties).toMatchObject({
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 1,
        },
      },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });
});
