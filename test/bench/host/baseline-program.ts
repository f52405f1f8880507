import type { Form } from '../baseline/checkouts.ts';
import { createSemaphore } from '../semaphore.ts';
import { runChildProgram } from './child-program.ts';
import { createLambdaContext } from './context.ts';
import { type HttpResult, startFront } from './front.ts';

export interface BaselineSettings {
  readonly form: Form;
  /** Requests at work at a time; the others wait in the order in which they came. */
  readonly workerSlots: number;
  /** Connections to the database, where a transaction is held open. */
  readonly connections: number;
  /** Tables, the database and the world outside, by the names of our functions' variables. */
  readonly environment: Readonly<Record<string, string>>;
}

// A request that waits for a worker has not begun: its time starts with the work.
const timeoutMs = 60_000;

/** A server with so many workers, each held by one request until it is answered, and a queue before them. */
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
