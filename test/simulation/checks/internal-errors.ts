import { routeOf } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';

/** Whether a fault hit the function of this route, so that it died, timed out or could not start. */
const isExplained = ({ faults }: RunRecord, { request: { method, path } }: ApiAnswer): boolean => {
  const folder = routeOf(method, path).route.function;

  return [...faults.taken.keys()].some((fault) => {
    const [kind, ...place] = fault.split(' ');

    return place.includes(folder) || (kind === 'storm' && place[0] === 'table');
  });
};

/** The service itself never answers 500. API Gateway does if the function gave no answer: that has no code. */
export const internalErrors: Check = {
  name: 'internal-errors',
  property: 'No request is answered 500, except by API Gateway after a fault of the function.',
  invariants: [9],
  atEnd: (run) =>
    run.answers
      .filter(({ status }) => status === 500)
      .filter((answer) => answer.body?.code !== undefined || !isExplained(run, answer))
      .map(
        ({ at, request: { method, path }, body }) =>
          `${method} ${path} is answered 500 at ${new Date(at).toISOString()}: ${JSON.stringify(body)}`,
      ),
};
