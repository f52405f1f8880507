import type { ResponseHeader } from '../../../shared/http/headers.ts';
import type { Operation } from '../../../shared/http/operation.ts';
import { type ProblemCode, statusByCode } from '../../../shared/http/problem.ts';
import { problemGuidance } from '../problems.ts';
import type { DescribedRoute } from './operations.ts';

/** The names in braces. */
export const parametersOfPath = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Every problem that a route may answer with: its own, and those that follow from what it takes. */
export const problemsOf = ({ route, operation }: DescribedRoute): readonly ProblemCode[] => {
  const { problems: refusals = [] } = operation;
  // A route that takes no body refuses any other.
  const takesBody = route.method === 'POST' && !operation.isLenient;
  const codes: (readonly ProblemCode[] | false)[] = [
    route.access !== 'public' && ['unauthorized'],
    route.access === 'operator' && ['forbidden'],
    // A route of those with a token that takes no query refuses any.
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
    refusals,
    ['too-many-requests', 'internal-error', 'temporarily-unavailable'],
  ];

  return codes.flatMap((some) => some || []);
};

const takesKey = ({ headers = [] }: Operation) => headers.includes('Idempotency-Key');

/** What a problem of a route may come with. What the work itself refuses is kept for its key, and says so when it is answered again. */
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

/** The statuses that API Gateway gives by itself, before the service or instead of it: it knows no problem documents. */
export const gatewayStatusesOf = ({ route }: DescribedRoute): readonly number[] => [
  ...(route.access === 'public' ? [] : [401]),
  ...(route.access === 'operator' ? [403] : []),
  429,
  500,
  503,
];

export const statusOf = (code: ProblemCode): number => statusByCode[code][0];
