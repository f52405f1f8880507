import { Refusal } from '../../shared/domain/errors.ts';
import { type Answer, type ApiEvent, pathShown } from '../../shared/http/http-handler.ts';
import { methodsOf, routes } from '../../shared/http/routes.ts';

/** Refuses what no route of the table answers: a path that is not there, or a method that a path has not. */
export const refuseRoute = async (event: ApiEvent): Promise<Answer> => {
  const { method } = event.requestContext.http;
  const detail = `There is no ${method} ${pathShown(event)}.`;
  const allow = routes
    .filter(({ path }) => patternOf(path).test(event.rawPath))
    .flatMap(methodsOf)
    .toSorted();
  if (allow.length > 0) throw new Refusal({ code: 'method-not-allowed', detail, allow });

  throw new Refusal({ code: 'route-not-found', detail });
};

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
