import { parentPort, workerData } from 'node:worker_threads';
import { createLambdaContext } from './context.ts';
import type { EnvironmentOptions, InvocationRequest, InvocationResult } from './environment.ts';

const { bundle, folder, environment, timeoutMs } = workerData as EnvironmentOptions;

// A thread has its own copy of the variables, made before the bundle reads them.
for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
Object.assign(process.env, environment);

// Counts the function's log output and drops it, except for stderr.
let logBytes = 0;
const count = (chunk: string | Uint8Array) => {
  logBytes += Buffer.byteLength(chunk);

  return true;
};
process.stdout.write = count;
const writeToStderr = process.stderr.write.bind(process.stderr);
process.stderr.write = (chunk: string | Uint8Array) => count(chunk) && writeToStderr(chunk);

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();

  return (user + system) / 1_000;
};

const began = performance.now();
const { handler } = await import(bundle).then((loaded) => loaded.default ?? loaded);
const initMs = performance.now() - began;

parentPort?.on('message', async ({ event }: InvocationRequest) => {
  logBytes = 0;
  const started = performance.now();
  const used = cpuMs();
  const outcome = await handler(event, createLambdaContext(folder, timeoutMs)).then(
    (result: unknown) => ({ result }),
    (error: unknown) => ({ error: `${error}` }),
  );
  parentPort?.postMessage({
    ...outcome,
    durationMs: performance.now() - started,
    cpuMs: cpuMs() - used,
    logBytes,
  } satisfies InvocationResult);
});
parentPort?.postMessage({ initMs });
