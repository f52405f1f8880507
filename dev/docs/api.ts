import { type ProblemCode, statusByCode } from '../../shared/http/problem.ts';
import type { Route } from '../../shared/http/routes.ts';
import { table } from '../cli/markdown.ts';
import { describedRoutes } from './openapi/operations.ts';
import { statusOf } from './openapi/route-problems.ts';
import { notificationSummaries } from './openapi/webhooks.ts';
import { problemGuidance } from './problems.ts';

const callers: Readonly<Record<Route['access'], string>> = {
  public: 'anyone',
  buyer: 'buyer',
  support: 'operator: support',
  review: 'operator: review',
  redrive: 'operator: redrive',
};

/** The table of routes: summary and caller. */
export const routeList = () =>
  table(
    ['route', 'operation', 'caller'],
    describedRoutes.map(({ route, operation }) => [
      `\`${route.method} ${route.path}\``,
      operation.summary,
      callers[route.access],
    ]),
  );

/** The table of notifications by type. */
export const notificationList = () =>
  table(
    ['type', 'sent when'],
    notificationSummaries.map(({ type, summary }) => [`\`${type}\``, summary]),
  );

/** The table of problems: status, cause and client action. */
export const problemList = () =>
  table(
    ['status', 'code', 'cause', 'client action'],
    (Object.keys(statusByCode) as ProblemCode[])
      .toSorted((a, b) => statusOf(a) - statusOf(b))
      .map((code) => [
        String(statusOf(code)),
        `\`${code}\``,
        problemGuidance[code].when,
        problemGuidance[code].do,
      ]),
  );
