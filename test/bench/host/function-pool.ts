import { availableParallelism } from 'node:os';
import { createSemaphore } from '../semaphore.ts';
import {
  type Environment,
  type EnvironmentOptions,
  type InvocationResult,
  startEnvironment,
} from './environment.ts';

/** Called after each invocation. */
export type OnInvocation = (folder: string, result: InvocationResult) => void;

export interface FunctionPool {
  /** Resolves with the function's result; rejects if it throws. Waits while all environments are busy. */
  invoke(event: unknown): Promise<unknown>;
  /** Starts environments until there are so many, as many at a time as there are processors. */
  warm(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A function and its environments: each handles one event at a time; a new one starts if none is idle, up to
 * the maximum.
 */
export const createFunctionPool = (
  options: EnvironmentOptions,
  max: number,
  onInvocation: OnInvocation = () => {},
): FunctionPool => {
  const all: Promise<Environment>[] = [];
  const idle: Environment[] = [];
  const waiting: ((environment: Environment) => void)[] = [];

  const start = (): Promise<Environment> => {
    const environment = startEnvironment(options);
    all.push(environment);

    return environment;
  };

  const acquire = async (): Promise<Environment> => {
    // Takes the environment used last, as Lambda does: the others stay idle or expire.
    const free = idle.pop();
    if (free) return free;
    if (all.length < max) return start();

    return new Promise((resolve) => waiting.push(resolve));
  };

  const release = (environment: Environment): void => {
    const next = waiting.shift();
    if (next) next(environment);
    else idle.push(environment);
  };

  return {
    async invoke(event) {
      const environment = await acquire();
      const result = await environment.invoke(event).finally(() => release(environment));
      onInvocation(options.folder, result);
      if (result.error !== undefined) throw new Error(`${options.folder}: ${result.error}`);

      return result.result;
    },
    async warm(count) {
      const slots = createSemaphore(availableParallelism());
      const missing = Array.from({ length: Math.min(count, max) - all.length });
      await Promise.all(missing.map(() => slots.run(async () => release(await start()))));
    },
    close: async () => {
      await Promise.all(all.map(async (environment) => (await environment).close()));
    },
  };
};
