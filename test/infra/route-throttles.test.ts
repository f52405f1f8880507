import { describe, expect, it } from 'vitest';
import { type RouteGroup, stages } from '../../cdk/stages.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

describe.each(Object.entries(contexts))('the API (%s)', (stage, context) => {
  const { named } = synthesize(context);

  it('limits the rate of requests', () => {
    const { rateLimit, burstLimit } = stages[stage as keyof typeof stages].throttle;

    expect(named('Api/Stage').properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    });
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

it('limit preflights of browsers, which only the fallback matches, as the most called routes', () => {
  const { named } = synthesize({ ...contexts.production, corsOrigins: 'https://shop.example' });
  const settings = named('Api/Stage').properties.RouteSettings as Readonly<Record<string, unknown>>;

  expect(settings.$default).toEqual(settings['GET /payments/{paymentId}']);
  expect(settings['GET /health']).not.toEqual(settings.$default);
});

it('has no route throttles on the local stage, whose API does not throttle', () => {
  expect(synthesize(contexts.local).named('Api/Stage').properties).not.toHaveProperty(
    'RouteSettings',
  );
});
