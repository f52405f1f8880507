import { kebabCase } from '../../../../cdk/constructs/names.ts';
import { invokedFunctionOf, numberAt, toList, toText } from '../intrinsics.ts';
import type { Resource, Synthesis } from '../synthesis.ts';

/** A route of the service's HTTP API. */
export interface DeployedRoute {
  /** `GET /payments/{paymentId}`, or `$default` for requests that match no other route. */
  readonly routeKey: string;
  /** The `$default` route has neither method nor path. */
  readonly method?: string | undefined;
  /** The path template: `/payments/{paymentId}`. */
  readonly path?: string | undefined;
  /** The segments of the path: `['payments', '{paymentId}']`. */
  readonly segments?: readonly string[] | undefined;
  readonly folder: string;
  /** Whether it is served without a token. */
  readonly isPublic: boolean;
  /** The token must have one of these scopes, if there are any. */
  readonly scopes: readonly string[];
}

/** The limit of the API's stage, for all its routes together. */
export interface Throttle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

const isOfService = ({ stack }: Resource) => stack.endsWith('-service');

/** The routes of the service; the simulators' own APIs are not part of it. */
export const readRoutes = ({ all, named }: Synthesis): readonly DeployedRoute[] =>
  all('AWS::ApiGatewayV2::Route')
    .filter(isOfService)
    .map(({ properties }) => {
      const routeKey = toText(properties.RouteKey);
      const [method, path] = routeKey.split(' ');
      const integration = named(toText(properties.Target).replace('integrations/', ''));

      return {
        routeKey,
        ...(path !== undefined && { method, path, segments: segmentsOf(path) }),
        folder: kebabCase(invokedFunctionOf(integration.properties.IntegrationUri)),
        isPublic: properties.AuthorizationType === 'NONE',
        scopes: toList(properties.AuthorizationScopes).map(toText),
      };
    });

/** Undefined if the stage of deployment has no HTTP API. */
export const readThrottle = ({ all }: Synthesis): Throttle | undefined => {
  const stage = all('AWS::ApiGatewayV2::Stage').find(isOfService);

  return (
    stage && {
      requestsPerSecond: numberAt(stage.properties, 'DefaultRouteSettings.ThrottlingRateLimit'),
      burst: numberAt(stage.properties, 'DefaultRouteSettings.ThrottlingBurstLimit'),
    }
  );
};

export const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);
