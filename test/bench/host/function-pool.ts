import {
  type Environment,
  type EnvironmentOptions,
  type InvocationResult,
  startEnvironment,
} from './environment.ts';

/** Hears of every invocation that ended. */
export type OnInvocation = (folder: string, told: InvocationResult) => void;

export interface FunctionPool {
  /** What the function returns; rejects where it throws. Waits where every environment is at work. */
  invoke(event: unknown): Promise<unknown>;
  /** Starts every environment that the function may have. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** A function and its environments: one event at a time in each, a new one for an event that finds none idle, so many at most. */
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
    // The last one used, as Lambda does: the others stay cold, or go.
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
    async warm() {
      while (all.length < max) idle.push(await start());
    },
    close: async () => {
      await Promise.all(all.map(async (environment) => (await environment).close()));
    },
  };
};
