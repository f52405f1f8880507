import { type DeployedRoute, segmentsOf } from './routes.ts';

/** The route that API Gateway selects for a request. */
export interface RouteMatch
  extends Pick<DeployedRoute, 'routeKey' | 'folder' | 'isPublic' | 'scopes'> {
  /** Decoded values by parameter. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route of a request, by its path without the query: the most specific of those that match, otherwise `$default`.
 * Undefined if there is none; API Gateway then answers 404 itself. Throws a URIError on a parameter with a malformed escape.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export const routeOf = (
  { routes }: { readonly routes: readonly DeployedRoute[] },
  method: string,
  path: string,
): RouteMatch | undefined => {
  const segments = segmentsOf(path);
  const matching = routes.filter(
    (route) => isMethod(route, method) && isPath(route.segments ?? [], segments),
  );
  const selected =
    matching.reduce<DeployedRoute | undefined>(
      (best, route) => (best && !isMoreSpecific(route, best) ? best : route),
      undefined,
    ) ?? routes.find(({ routeKey }) => routeKey === '$default');
  if (selected === undefined) return undefined;
  const { routeKey, folder, isPublic, scopes, segments: template = [] } = selected;

  return { routeKey, folder, isPublic, scopes, pathParameters: parametersOf(template, segments) };
};

const isMethod = ({ method }: DeployedRoute, wanted: string) =>
  method === wanted || method === 'ANY';

const isGreedy = (segment: string | undefined) => segment?.endsWith('+}') === true;
const isParameter = (segment: string) => segment.startsWith('{');

const isPath = (template: readonly string[], segments: readonly string[]): boolean =>
  (isGreedy(template.at(-1))
    ? segments.length >= template.length
    : segments.length === template.length) &&
  template.every(
    (part, index) => part === segments[index] || (isParameter(part) && segments[index] !== ''),
  );

/** Text is more specific than a parameter, and a parameter than a greedy one; at last a method than ANY. */
const isMoreSpecific = (route: DeployedRoute, other: DeployedRoute): boolean => {
  const [ranks, otherRanks] = [route, other].map(({ segments = [], method }) => [
    ...segments.map((part) => (isGreedy(part) ? 2 : Number(isParameter(part)))),
    Number(method === 'ANY'),
  ]);
  const difference = (ranks ?? []).findIndex((rank, index) => rank !== otherRanks?.[index]);

  return difference >= 0 && (ranks?.[difference] ?? 0) < (otherRanks?.[difference] ?? 3);
};

const parametersOf = (template: readonly string[], segments: readonly string[]) =>
  Object.fromEntries(
    template.flatMap((part, index) => {
      if (!isParameter(part)) return [];
      const value = isGreedy(part) ? segments.slice(index).join('/') : (segments[index] ?? '');

      return [[part.slice(1, isGreedy(part) ? -2 : -1), decodeURIComponent(value)]];
    }),
  );
