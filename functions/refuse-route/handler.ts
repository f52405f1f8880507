import { Refusal } from '../../shared/domain/errors.ts';
import { type Answer, type ApiEvent, pathShown } from '../../shared/http/boundary.ts';

/** Refuses what no route of the table answers, with a problem document like any other. */
export const refuseRoute = async (event: ApiEvent): Promise<Answer> => {
  throw new Refusal({
    code: 'route-not-found',
    detail: `There is no ${event.requestContext.http.method} ${pathShown(event)}.`,
  });
};
