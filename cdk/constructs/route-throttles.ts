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

interface RouteSettingsProps {
  readonly routes: readonly Route[];
  readonly throttles: Readonly<Record<RouteGroup, Throttle>>;
  /** The route with metrics of its own. */
  readonly measured: Route;
  /** Whether browsers of other origins call the API. */
  readonly hasPreflights: boolean;
}

/**
 * The limit of each route key, in the form of CloudFormation, and metrics of one route. Settings of a route replace all
 * of the stage's. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 *
 * The fallback is public. But it also matches OPTIONS, and a browser asks for permission before each call of a path that
 * is new to it: with preflights, the fallback has the limit of the most called routes.
 */
export const routeSettingsOf = ({
  routes,
  throttles,
  measured,
  hasPreflights,
}: RouteSettingsProps): CfnStage['routeSettings'] => {
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

  return {
    ...Object.fromEntries(byKey),
    $default: settingsOf(hasPreflights ? 'status' : 'public'),
  };
};
