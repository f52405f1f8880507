import { parentPort, workerData } from 'node:worker_threads';
import { aContext } from './context.ts';
import type { Asked, Home, Told } from './environment.ts';

const { bundle, folder, environment, timeoutMs } = workerData as Home;

// A thread has its own copy of the variables, made before the bundle reads them.
for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
Object.assign(process.env, environment);

// What a function writes goes to its log: here it is counted, and dropped but for what is wrong.
let logBytes = 0;
const count = (chunk: string | Uint8Array) => {
  logBytes += Buffer.byteLength(chunk);

  return true;
};
process.stdout.write = count;
const tell = process.stderr.write.bind(process.stderr);
process.stderr.write = (chunk: string | Uint8Array) => count(chunk) && tell(chunk);

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();

  return (user + system) / 1_000;
};

const began = performance.now();
const { handler } = await import(bundle).then((loaded) => loaded.default ?? loaded);
const initMs = performance.now() - began;

parentPort?.on('message', async ({ event }: Asked) => {
  logBytes = 0;
  const started = performance.now();
  const used = cpuMs();
  const told = await handler(event, aContext(folder, timeoutMs)).then(
    (result: unknown) => ({ result }),
    (error: unknown) => ({ error: `${error}` }),
  );
  parentPort?.postMessage({
    ...told,
    durationMs: performance.now() - started,
    cpuMs: cpuMs() - used,
    logBytes,
  } satisfies Told);
});
parentPort?.postMessage({ initMs });
