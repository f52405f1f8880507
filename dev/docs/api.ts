import { type ProblemCode, statusByCode } from '../../shared/http/problem.ts';
import type { Route } from '../../shared/http/routes.ts';
import { table } from '../cli/markdown.ts';
import { describedRoutes } from './openapi/operations.ts';
import { statusOf } from './openapi/route-problems.ts';
import { notificationSummaries } from './openapi/webhooks.ts';
import { problemGuidance } from './problems.ts';

const callers: Readonly<Record<Route['access'], string>> = {
  public: 'anyone',
  buyer: 'a buyer',
  operator: 'an operator',
};

/** Each route, what it is for, and who may call. */
export const routeList = () =>
  table(
    ['route', 'what it does', 'for'],
    describedRoutes.map(({ route, operation }) => [
      `\`${route.method} ${route.path}\``,
      operation.summary,
      callers[route.access],
    ]),
  );

/** Each notification by its type. */
export const notificationList = () =>
  table(
    ['type', 'told when'],
    notificationSummaries.map(({ type, summary }) => [`\`${type}\``, summary]),
  );

/** Each problem with its status, when it occurs, and what the client does. */
export const problemList = () =>
  table(
    ['status', 'code', 'when', 'what the client does'],
    (Object.keys(statusByCode) as ProblemCode[])
      .toSorted((a, b) => statusOf(a) - statusOf(b))
      .map((code) => [
        String(statusOf(code)),
        `\`${code}\``,
        problemGuidance[code].when,
        problemGuidance[code].do,
      ]),
  );
