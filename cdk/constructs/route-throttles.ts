import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { isOperatorRoute, methodsOf, type Route } from '../../shared/http/routes.ts';
import type { RouteGroup, Throttle } from '../stages.ts';

const groupByFunction: Readonly<Record<string, RouteGroup>> = {
  'create-order': 'purchase',
  'accept-payment': 'purchase',
  'get-payment': 'status',
  'get-refund': 'status',
  'receive-webhook': 'webhook',
};

const routeGroupOf = (route: Route): RouteGroup => {
  const group = groupByFunction[route.function];
  if (group !== undefined) return group;
  if (isOperatorRoute(route)) return 'operator';

  return route.access === 'public' ? 'public' : 'buyer';
};

/**
 * The limit of each route key, in the form of CloudFormation, and metrics of one route. The fallback is public. Settings
 * of a route replace all of the stage's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export const routeSettingsOf = (
  routes: readonly Route[],
  throttles: Readonly<Record<RouteGroup, Throttle>>,
  measured: Route,
): CfnStage['routeSettings'] => {
  const settingsOf = (group: RouteGroup) => ({
    ThrottlingRateLimit: throttles[group].rateLimit,
    ThrottlingBurstLimit: throttles[group].burstLimit,
  });
  const byKey = routes.flatMap((route) =>
    methodsOf(route).map(
      (method) =>
        [
          `${method} ${route.path}`,
          {
            ...(route.function === measured.function && { DetailedMetricsEnabled: true }),
            ...settingsOf(routeGroupOf(route)),
          },
        ] as const,
    ),
  );

  return { ...Object.fromEntries(byKey), $default: settingsOf('public') };
};
