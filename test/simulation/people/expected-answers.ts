import { describedRoutes } from '../../../dev/docs/openapi/operations.ts';
import { gatewayStatusesOf, problemsOf } from '../../../dev/docs/openapi/route-problems.ts';
import { type ProblemCode, statusByCode } from '../../../shared/http/problem.ts';
import type { Route } from '../../../shared/http/routes.ts';
import { routeOf } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer } from '../run-record.ts';

/** Codes that a valid request about an existing item of the caller never gets. */
const neverExpected: ReadonlySet<ProblemCode> = new Set([
  'card-number-refused',
  'forbidden',
  'idempotency-key-invalid',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'internal-error',
  'invalid-request',
  'order-not-found',
  'payload-too-large',
  'payment-not-found',
  'refund-not-found',
  'review-not-found',
  'too-many-lines',
  'unauthorized',
  'unsupported-media-type',
]);

/**
 * Codes that a valid request can get on one route all the same: the payment can wait for something else by the time it
 * arrives, such as for a payment method instead of the buyer's return.
 */
const expectedOn: Readonly<Record<string, readonly ProblemCode[]>> = {
  '/payments/{paymentId}/confirm': ['invalid-request'],
};

interface Expected {
  readonly successes: ReadonlySet<number>;
  readonly problems: ReadonlySet<string>;
  /** Statuses of API Gateway itself, which have no problem document. */
  readonly gatewayStatuses: ReadonlySet<number>;
}

const expectedByRoute = new Map<Route, Expected>(
  describedRoutes.map((described) => [
    described.route,
    {
      successes: new Set(Object.keys(described.operation.responses).map(Number)),
      problems: new Set([
        ...problemsOf(described).filter((code) => !neverExpected.has(code)),
        ...(expectedOn[described.route.path] ?? []),
      ]),
      gatewayStatuses: new Set(gatewayStatusesOf(described).filter((status) => status >= 429)),
    },
  ]),
);

/** The code of a problem document. The code of a review is another thing. */
export const codeOf = ({ status, body }: ApiAnswer): string | undefined =>
  status >= 400 && typeof body?.code === 'string' ? body.code : undefined;

const isExpected = (answer: ApiAnswer): boolean => {
  const { request, status } = answer;
  const expected = expectedByRoute.get(routeOf(request.method, request.path).route);
  if (expected === undefined) return false;
  const code = codeOf(answer);
  if (code === undefined)
    return expected.successes.has(status) || expected.gatewayStatuses.has(status);

  return expected.problems.has(code) && statusByCode[code as ProblemCode][0] === status;
};

/** Throws if the description of the route does not document this answer to a valid request. */
export const assertExpected = (answer: ApiAnswer): void => {
  if (isExpected(answer)) return;
  const { request, status, body } = answer;
  throw new Error(
    `${request.method} ${request.path} answers ${status}, which is not expected: ${JSON.stringify(body)}`,
  );
};
