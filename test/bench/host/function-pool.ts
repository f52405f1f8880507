import { type Environment, type Home, startEnvironment, type Told } from './environment.ts';

/** Hears of every invocation that ended. */
export type Watch = (folder: string, told: Told) => void;

export interface FunctionPool {
  /** What the function returns; rejects where it throws. Waits where every environment is at work. */
  invoke(event: unknown): Promise<unknown>;
  /** Starts every environment that the function may have. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** A function and its environments: one event at a time in each, a new one for an event that finds none idle, so many at most. */
export const functionPool = (home: Home, most: number, watch: Watch = () => {}): FunctionPool => {
  const all: Promise<Environment>[] = [];
  const idle: Environment[] = [];
  const waiting: ((environment: Environment) => void)[] = [];

  const started = (): Promise<Environment> => {
    const environment = startEnvironment(home);
    all.push(environment);

    return environment;
  };

  const taken = async (): Promise<Environment> => {
    // The last one used, as Lambda does: the others stay cold, or go.
    const free = idle.pop();
    if (free) return free;
    if (all.length < most) return started();

    return new Promise((resolve) => waiting.push(resolve));
  };

  const given = (environment: Environment): void => {
    const next = waiting.shift();
    if (next) next(environment);
    else idle.push(environment);
  };

  return {
    async invoke(event) {
      const environment = await taken();
      const told = await environment.invoke(event).finally(() => given(environment));
      watch(home.folder, told);
      if (told.error !== undefined) throw new Error(`${home.folder}: ${told.error}`);

      return told.result;
    },
    async warm() {
      while (all.length < most) idle.push(await started());
    },
    close: async () => {
      await Promise.all(all.map(async (environment) => (await environment).close()));
    },
  };
};
