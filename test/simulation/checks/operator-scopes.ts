import { scopesOf } from '../../../shared/http/routes.ts';
import { routeOf } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer } from '../run-record.ts';
import type { Check } from './check.ts';

const lacksScope = ({ request: { method, path, scope = '' } }: ApiAnswer): boolean => {
  const accepted = scopesOf(routeOf(method, path).route);
  const granted = scope.split(' ');

  return accepted.length > 0 && !accepted.some((each) => granted.includes(each));
};

/** The answer of a function has a code: it checks the scope a second time. */
const isOfApiGateway = ({ status, body }: ApiAnswer): boolean =>
  status === 403 && body?.code === undefined;

export const operatorScopes: Check = {
  name: 'operator-scopes',
  property:
    'API Gateway answers 403 to each request to an operator route whose token has no scope of this route.',
  invariants: [10],
  atEnd: ({ answers }) =>
    answers
      .filter((answer) => lacksScope(answer) && !isOfApiGateway(answer))
      .map(
        ({ request: { method, path, buyer }, status, body }) =>
          `${method} ${path} of ${buyer} is answered ${status}: ${JSON.stringify(body)}`,
      ),
};
