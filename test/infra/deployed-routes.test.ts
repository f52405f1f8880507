import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import { type Route, routes, scopesOf } from '../../shared/http/routes.ts';
import { routeOf } from '../support/cdk/deployment/route-of.ts';
import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';

const sandbox = readDeployment('sandbox', contexts.sandbox);

describe('route of a request', () => {
  const pathOf = (template: string) => template.replaceAll(/\{\w+\}/g, 'id%201');

  it.each(routes.map((route: Route) => [`${route.method} ${route.path}`, route] as const))(
    'is %s with its access',
    (routeKey, { method, path, access, function: folder }) => {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 'id 1']);

      expect(routeOf(sandbox, method, pathOf(path))).toEqual({
        routeKey,
        folder,
        isPublic: access === 'public',
        scopes: scopesOf({ method, access }),
        pathParameters: Object.fromEntries(parameters),
      });
    },
  );

  it('is the default route if no other one matches', () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['DELETE', '/orders'],
      ['GET', '/orders/'],
      ['GET', '/orders/1/2'],
    ] as const)
      expect(routeOf(sandbox, method, path)).toEqual({
        routeKey: '$default',
        folder: 'reject-unknown-route',
        isPublic: true,
        scopes: [],
        pathParameters: {},
      });
    expect(routeOf({ routes: [] }, 'GET', '/')).toBeUndefined();
  });

  it('is the most specific one', () => {
    const of = (...keys: readonly string[]) =>
      keys.map((routeKey) => {
        const [method, path = ''] = routeKey.split(' ');

        return {
          routeKey,
          method,
          segments: path.split('/').slice(1),
          folder: '',
          isPublic: true,
          scopes: [],
        };
      });
    const all = of(
      'ANY /{proxy+}',
      'ANY /pets/1',
      'GET /pets/{proxy+}',
      'GET /pets/{id}',
      'GET /pets/1',
    );
    const keyOf = (method: string, path: string) =>
      routeOf({ routes: all }, method, path)?.routeKey;

    expect(keyOf('GET', '/pets/1')).toBe('GET /pets/1');
    expect(keyOf('POST', '/pets/1')).toBe('ANY /pets/1');
    expect(keyOf('GET', '/pets/2')).toBe('GET /pets/{id}');
    expect(keyOf('GET', '/pets/2/3')).toBe('GET /pets/{proxy+}');
    expect(routeOf({ routes: all }, 'PUT', '/a/b')).toMatchObject({
      routeKey: 'ANY /{proxy+}',
      pathParameters: { proxy: 'a/b' },
    });
  });

  it('is throttled as the stage says', () => {
    const { rateLimit: requestsPerSecond, burstLimit: burst } = stages.sandbox.throttle;

    expect(sandbox.throttle).toEqual({ requestsPerSecond, burst });
  });
});
