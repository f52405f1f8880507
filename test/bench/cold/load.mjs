/**
 * Loads a bundle as Lambda does and calls its handler with an event, if there is one. Prints what each took,
 * as the last line: milliseconds, and milliseconds of the process's processor time.
 */
import { createRequire } from 'node:module';

const [, , bundle, event] = process.argv;

const measured = async (work) => {
  const before = process.cpuUsage();
  const began = performance.now();
  const result = await work();
  const tookMs = performance.now() - began;
  const { user, system } = process.cpuUsage(before);

  return { result, times: { tookMs, cpuMs: (user + system) / 1_000 } };
};

const loadBundle = async () => {
  if (bundle?.endsWith('.mjs')) return import(bundle);

  return bundle ? createRequire(import.meta.url)(bundle) : {};
};

const began = process.cpuUsage();
const { result: loaded, times: load } = await measured(loadBundle);
// The start of the process belongs to it: an empty process is subtracted.
load.cpuMs += (began.user + began.system) / 1_000;

const context = { awsRequestId: 'cold', getRemainingTimeInMillis: () => 10_000 };
const invoked = event && (await measured(() => loaded.handler(JSON.parse(event), context)));
const invocation = invoked && { ...invoked.times, statusCode: invoked.result?.statusCode };

process.stdout.write(`\n${JSON.stringify({ load, invocation })}`, () => process.exit());
