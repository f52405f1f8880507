import { describe, expect, it } from 'vitest';
import type { State } from '../../../support/cdk/deployment/state-machines.ts';
import { execute, failing, failure } from './state-machine-harness.ts';

describe('parallel state', () => {
  const parallel = (left: Partial<State>, right: Partial<State>, rest: Partial<State> = {}) => {
    const branch = (name: string, state: Partial<State>) => ({
      StartAt: name,
      States: { [name]: { Type: 'Task', Resource: name, End: true, ...state } },
    });

    return {
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [branch('left', left), branch('right', right)],
          End: true,
          ...rest,
        },
      },
    };
  };

  it('gives its input to each branch and has the outputs in their order', async () => {
    const tasks = {
      left: async (input: unknown) => `left ${input}`,
      right: async (input: unknown) => `right ${input}`,
    };

    expect((await execute(parallel({}, {}), { tasks, input: 1 })).result).toEqual([
      'left 1',
      'right 1',
    ]);
  });

  it('fails with a branch and stops the others', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 9, BackoffRate: 1 }];
    const tasks = {
      left: () => Promise.reject(failure('E')),
      right: (): Promise<unknown> => Promise.reject(failure('Fatal')),
    };
    const { calls, result, endedAt, pendingTimers } = await execute(parallel({ Retry }, {}), {
      tasks,
    });

    expect(result).toMatchObject({ name: 'Fatal' });
    expect(calls.map(([folder]) => folder)).toEqual(['left', 'right']);
    expect({ endedAt, pendingTimers }).toEqual({ endedAt: 0, pendingTimers: 0 });
  });

  it('ignores what a stopped branch still runs', async () => {
    let finish = (_: unknown) => {};
    const tasks = {
      left: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      right: async () => {
        setImmediate(() => finish('late'));
        throw failure('Fatal');
      },
    };
    const definition = parallel({ End: false, Next: 'after' }, {});
    const { States } = definition.States.Both.Branches[0] ?? { States: {} };
    Object.assign(States, { after: { Type: 'Pass' } });

    const { states, result } = await execute(definition, { tasks });
    expect(result).toMatchObject({ name: 'Fatal' });
    expect(states).toEqual(['Both', 'left', 'right']);
  });

  it('stops with its execution', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 9, BackoffRate: 1, IntervalSeconds: 7 }];
    const { calls, endedAt, pendingTimers } = await execute(
      { ...parallel({ Retry }, {}), TimeoutSeconds: 10 },
      { tasks: { left: () => Promise.reject(failure('E')) } },
    );

    expect(calls.filter(([folder]) => folder === 'left').map(([, at]) => at)).toEqual([0, 7_000]);
    expect({ endedAt, pendingTimers }).toEqual({ endedAt: 10_000, pendingTimers: 0 });
  });

  it('runs all branches again when it is retried', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const { calls, result } = await execute(parallel({}, {}, { Retry, ResultPath: null }), {
      tasks: { right: failing('E') },
      input: 'in',
    });

    expect(calls.map(([folder]) => folder)).toEqual(['left', 'right', 'left', 'right']);
    expect(result).toBe('in');
  });
});
