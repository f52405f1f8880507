import type { Form } from '../baseline/checkouts.ts';
import { createSemaphore } from '../semaphore.ts';
import { runChildProgram } from './child-program.ts';
import { createLambdaContext } from './context.ts';
import { type HttpResult, startFront } from './front.ts';

export interface BaselineSettings {
  readonly form: Form;
  /** The maximum number of concurrent requests; others wait in order of arrival. */
  readonly workerSlots: number;
  /** Connections to the database, for transactions that are held open. */
  readonly connections: number;
  /** Tables, database and external systems, by the environment variables of our functions. */
  readonly environment: Readonly<Record<string, string>>;
}

// A request that waits for a worker has not started: its deadline starts with the work.
const timeoutMs = 60_000;

/**
 * A server with a fixed number of workers, each busy with one request until it responds, and a queue before
 * them.
 */
await runChildProgram(async ({ form, workerSlots, connections, environment }: BaselineSettings) => {
  Object.assign(process.env, environment, { FORM: form, CONNECTIONS: String(connections) });
  const { handler } = await import('../baseline/index.ts');
  const workers = createSemaphore(workerSlots);
  const { url } = await startFront((event) =>
    workers.run(
      () => handler(event, createLambdaContext('checkout', timeoutMs)) as Promise<HttpResult>,
    ),
  );

  return { ready: { url } };
});
