import { RejectionError } from '../../shared/domain/errors.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, loggablePathOf } from '../../shared/http/request.ts';
import { methodsOf, routes } from '../../shared/http/routes.ts';

/**
 * Rejects a request that matches no route: an unknown path (404), or a method that the path does not have
 * (405).
 */
export const rejectUnknownRoute = async (event: ApiEvent): Promise<HttpResponse> => {
  const { method } = event.requestContext.http;
  const detail = `There is no ${method} ${loggablePathOf(event)}.`;
  const allow = routes
    .filter(({ path }) => patternOf(path).test(event.rawPath))
    .flatMap(methodsOf)
    .toSorted();
  if (allow.length > 0) throw new RejectionError({ code: 'method-not-allowed', detail, allow });

  throw new RejectionError({ code: 'route-not-found', detail });
};

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
