import { executeStateMachine } from '../../../simulation/aws/step-functions.ts';
import type {
  State,
  StateMachineDefinition,
} from '../../../support/cdk/deployment/state-machines.ts';

/** A clock that a test moves, with its timers in order. */
const createClock = () => {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  return {
    now: () => now,
    pending: () => timers.size,
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.add(timer);

      return () => {
        timers.delete(timer);
      };
    },
    /** Runs all timers until a time, and what follows from each. */
    runUntil: async (end: number) => {
      for (;;) {
        await settle();
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
};

export const failure = (name: string, message = 'broken') =>
  Object.assign(new Error(message), { name });

export type Task = (input: unknown, attempt: number) => Promise<unknown>;

interface Options {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly input?: unknown;
  readonly random?: () => number;
  readonly untilMs?: number;
}

/** Runs a machine until a time, and returns what happened with its times. */
export const execute = async (
  definition: StateMachineDefinition,
  { tasks, input = {}, random = () => 0.5, untilMs = 3_600_000 }: Options,
) => {
  const clock = createClock();
  const calls: [folder: string, at: number][] = [];
  const states: string[] = [];
  let result: unknown = 'running';
  let endedAt: number | undefined;
  executeStateMachine(definition, input, {
    runTask: (folder, given) => {
      calls.push([folder, clock.now()]);

      return (
        tasks[folder]?.(given, calls.filter(([called]) => called === folder).length) ??
        Promise.resolve()
      );
    },
    after: clock.after,
    random,
    onState: (name) => states.push(name),
  })
    .then(
      (output) => {
        result = output;
      },
      (error) => {
        result = error;
      },
    )
    .finally(() => {
      endedAt = clock.now();
    });
  await clock.runUntil(untilMs);

  return { calls, states, result, endedAt, pendingTimers: clock.pending() };
};

export const machineOf = (state: Partial<State>, rest: Partial<StateMachineDefinition> = {}) => ({
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: 'work', End: true, ...state } },
  ...rest,
});
export const failing =
  (...names: readonly string[]): Task =>
  async (_, attempt) => {
    const name = names[attempt - 1];
    if (name !== undefined) throw failure(name);

    return 'done';
  };
export const never = () => new Promise<never>(() => {});
export const timesOf = (calls: readonly (readonly [string, number])[]) => calls.map(([, at]) => at);
