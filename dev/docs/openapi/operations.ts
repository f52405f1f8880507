import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Operation } from '../../../shared/http/operation.ts';
import { type Route, routes } from '../../../shared/http/routes.ts';
import { root } from '../../cli/paths.ts';

/** A route and its documentation. */
export interface DescribedRoute {
  readonly route: Route;
  readonly operation: Operation;
}

const describe = async (route: Route): Promise<DescribedRoute> => {
  const file = `functions/${route.function}/operation.ts`;
  const path = join(root, file);
  if (!existsSync(path)) {
    throw new Error(
      `${route.method} ${route.path} is not documented: write ${file} (docs/contributing.md, "A route").`,
    );
  }
  const { operation }: { operation: Operation } = await import(pathToFileURL(path).href);

  return { route, operation };
};

/** Every route with its documentation, in the order of the table. */
export const describedRoutes: readonly DescribedRoute[] = await Promise.all(routes.map(describe));
