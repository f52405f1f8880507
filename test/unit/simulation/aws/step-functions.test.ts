import { describe, expect, it } from 'vitest';
import type { State } from '../../../support/cdk/deployment/state-machines.ts';
import { execute, failure, machineOf, never, type Task, timesOf } from './state-machine-harness.ts';

describe('states of an execution', () => {
  it('give each output to the next state, and the last one is the result', async () => {
    const definition = {
      StartAt: 'First',
      States: {
        First: { Type: 'Task', Resource: 'first', Next: 'Keep' },
        Keep: { Type: 'Task', Resource: 'keep', ResultPath: null, Next: 'Pass' },
        Pass: { Type: 'Pass', Next: 'Last' },
        Last: { Type: 'Task', Resource: 'last', Next: 'Done' },
        Done: { Type: 'Succeed' },
      },
    };
    const tasks = {
      first: async (input: unknown) => [input, 'first'],
      keep: async () => 'discarded',
      last: async (input: unknown) => ({ received: input }),
    };
    const { result, states } = await execute(definition, { tasks, input: 'in' });

    expect(result).toEqual({ received: ['in', 'first'] });
    expect(states).toEqual(['First', 'Keep', 'Pass', 'Last', 'Done']);
  });

  it('end the execution with the error of a fail state', async () => {
    const definition = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'why' } } };

    expect((await execute(definition, { tasks: {} })).result).toMatchObject({
      name: 'E',
      message: 'why',
    });
  });

  it.each([
    [{ Type: 'Map' }, 'State Work has the unknown type Map.'],
    [{ InputPath: '$.a' } as Partial<State>, 'State Work has unknown fields: InputPath.'],
    [{ ResultPath: '$.a' }, 'State Work has the unknown ResultPath $.a.'],
    [
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Work', ResultPath: '$.a' }] },
      'State Work has the unknown ResultPath $.a.',
    ],
  ])('reject what the interpreter does not know: %j', async (state, message) => {
    const { result, calls } = await execute(machineOf(state), { tasks: {} });

    expect(result).toMatchObject({ message });
    expect(calls).toEqual([]);
  });

  it('reject it before the first state, also in a branch', async () => {
    const definition = {
      StartAt: 'Work',
      States: {
        Work: { Type: 'Task', Resource: 'work', Next: 'Both' },
        Both: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Wait', States: { Wait: { Type: 'Wait' } } }],
        },
      },
    };

    expect(await execute(definition, { tasks: {} })).toMatchObject({
      result: { message: 'State Wait has the unknown type Wait.' },
      calls: [],
    });
  });

  it('reject a next state that does not exist, whatever is caught', async () => {
    const branch = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', Next: 'Missing' } } };
    const definition = {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Parallel',
          Branches: [branch],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rescue' }],
        },
        Rescue: { Type: 'Pass' },
      },
    };

    expect((await execute(definition, { tasks: {} })).result).toMatchObject({
      name: 'States.Runtime',
    });
  });
});

describe('timeout', () => {
  it('of a task is an error that can be retried, and ignores the late result', async () => {
    const late: Task = (_, attempt) => (attempt === 1 ? never() : Promise.resolve('second'));
    const Retry = [{ ErrorEquals: ['States.Timeout'] }];
    const { calls, result, pendingTimers } = await execute(
      machineOf({ TimeoutSeconds: 15, Retry }),
      { tasks: { work: late } },
    );

    expect(timesOf(calls)).toEqual([0, 16_000]);
    expect(result).toBe('second');
    expect(pendingTimers).toBe(0);
  });

  it('of the execution ends it, whatever is retried and caught', async () => {
    const everything = { ErrorEquals: ['States.ALL'] };
    const state = {
      Retry: [{ ...everything, MaxAttempts: 1_000, BackoffRate: 1, IntervalSeconds: 7 }],
      Catch: [{ ...everything, Next: 'Work' }],
    };
    const { calls, result, endedAt, pendingTimers } = await execute(
      machineOf(state, { TimeoutSeconds: 20 }),
      { tasks: { work: () => Promise.reject(failure('E')) } },
    );

    expect(timesOf(calls)).toEqual([0, 7_000, 14_000]);
    expect(result).toMatchObject({ name: 'States.Timeout' });
    expect(endedAt).toBe(20_000);
    expect(pendingTimers).toBe(0);
  });

  it('of a finished execution is forgotten', async () => {
    const run = await execute(machineOf({}, { TimeoutSeconds: 20 }), { tasks: {}, untilMs: 0 });

    expect(run).toMatchObject({ result: undefined, pendingTimers: 0 });
  });
});
