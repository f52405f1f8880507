import type { ResponseHeader } from '../../../shared/http/headers.ts';
import type { Operation } from '../../../shared/http/operation.ts';
import { type ProblemCode, statusByCode } from '../../../shared/http/problem.ts';
import { isOperatorRoute } from '../../../shared/http/routes.ts';
import { problemGuidance } from '../problems.ts';
import type { DescribedRoute } from './operations.ts';

/** The parameter names of a path template. */
export const parametersOfPath = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Every problem of a route: its own, and those that follow from its parameters and its body. */
export const problemsOf = ({ route, operation }: DescribedRoute): readonly ProblemCode[] => {
  const { problems = [] } = operation;
  // A route without a body rejects any but an empty object.
  const takesBody = route.method === 'POST' && !operation.isLenient;
  const codes: (readonly ProblemCode[] | false)[] = [
    route.access !== 'public' && ['unauthorized'],
    isOperatorRoute(route) && ['forbidden'],
    // A route with a token but without a query rejects every query parameter.
    (takesBody || route.access !== 'public' || parametersOfPath(route.path).length > 0) && [
      'invalid-request',
      'card-number-refused',
    ],
    takesBody && ['payload-too-large', 'unsupported-media-type'],
    takesKey(operation) && [
      'idempotency-key-missing',
      'idempotency-key-invalid',
      ...(operation.storedRejections ? [] : (['idempotency-key-in-flight'] as const)),
      'idempotency-key-reused',
    ],
    problems,
    ['too-many-requests', 'internal-error', 'temporarily-unavailable'],
  ];

  return codes.flatMap((some) => some || []);
};

const takesKey = ({ headers = [] }: Operation) => headers.includes('Idempotency-Key');

/** The headers of a problem of a route. A stored rejection has `Idempotency-Replayed` when it is repeated. */
export const headersOf = (operation: Operation, code: ProblemCode): readonly ResponseHeader[] => {
  const replayable: readonly ProblemCode[] = operation.storedRejections ?? [
    'invalid-request',
    'card-number-refused',
    'idempotency-key-reused',
    ...(operation.problems ?? []),
  ];

  return [
    ...(problemGuidance[code].headers ?? []),
    ...(takesKey(operation) && replayable.includes(code)
      ? (['Idempotency-Replayed'] as const)
      : []),
  ];
};

/** The statuses that API Gateway sends itself, without a problem document. */
export const gatewayStatusesOf = ({ route }: DescribedRoute): readonly number[] => [
  ...(route.access === 'public' ? [] : [401]),
  ...(isOperatorRoute(route) ? [403] : []),
  429,
  500,
  503,
];

export const statusOf = (code: ProblemCode): number => statusByCode[code][0];
