import { routeOf } from '../../support/builders/api-gateway-event.ts';
import { runChildProgram } from './child-program.ts';
import { type HttpResult, type RequestHandler, startFront } from './front.ts';
import { createFunctions, type FunctionsOptions } from './functions.ts';

export interface FrontSettings
  extends Pick<FunctionsOptions, 'deployment' | 'bundles' | 'database' | 'environment'> {
  /** Environments of each function behind the API, all started before the first request. */
  readonly environments: number;
}

/** The functions behind the API, without the processing after the commit. */
await runChildProgram(async ({ environments, ...service }: FrontSettings) => {
  const functions = createFunctions({ ...service, environments: () => environments });
  await functions.warm('accept-payment', environments);
  const handler: RequestHandler = (event) => {
    const { route } = routeOf(event.requestContext.http.method, event.rawPath);

    return functions.invoke(route.function, event) as Promise<HttpResult>;
  };
  const { url } = await startFront(handler);

  return { ready: { url } };
});
