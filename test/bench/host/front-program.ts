import { routeOf } from '../../support/builders/api-gateway-event.ts';
import { hosted } from './child-program.ts';
import { type Answering, openFront, type Result } from './front.ts';
import { type FunctionsOptions, functionsOf } from './functions.ts';

export interface FrontSettings
  extends Pick<FunctionsOptions, 'plan' | 'bundles' | 'database' | 'environment'> {
  /** Environments of each function behind the API, all warm before the first request. */
  readonly environments: number;
}

/** What a buyer talks to: the API's functions, and nothing of what happens after the commit. */
await hosted(async ({ environments, ...service }: FrontSettings) => {
  const functions = functionsOf({ ...service, environments: () => environments });
  await functions.warm('accept-payment');
  const answering: Answering = (event) => {
    const { route } = routeOf(event.requestContext.http.method, event.rawPath);

    return functions.invoke(route.function, event) as Promise<Result>;
  };
  const { url } = await openFront(answering);

  return { ready: { url } };
});
