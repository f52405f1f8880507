/**
 * Loads a bundle as Lambda does, and prints the milliseconds and the process's milliseconds of processor
 * time.
 */
import { createRequire } from 'node:module';

const [, , bundle] = process.argv;
const began = performance.now();
if (bundle?.endsWith('.mjs')) await import(bundle);
else if (bundle) createRequire(import.meta.url)(bundle);
const tookMs = performance.now() - began;
const { user, system } = process.cpuUsage();

process.stdout.write(JSON.stringify({ tookMs, cpuMs: (user + system) / 1_000 }));
