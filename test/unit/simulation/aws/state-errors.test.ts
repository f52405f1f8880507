import { describe, expect, it } from 'vitest';
import { execute, failing, machineOf, timesOf } from './state-machine-harness.ts';

describe('retries of a state', () => {
  it('wait as long as interval, backoff rate and longest delay say', async () => {
    const Retry = [
      {
        ErrorEquals: ['E'],
        IntervalSeconds: 2,
        BackoffRate: 3,
        MaxDelaySeconds: 10,
        MaxAttempts: 4,
      },
    ];
    const { calls, result } = await execute(machineOf({ Retry }), {
      tasks: { work: failing('E', 'E', 'E', 'E', 'E') },
    });

    expect(timesOf(calls)).toEqual([0, 2_000, 8_000, 18_000, 28_000]);
    expect(result).toMatchObject({ name: 'E' });
  });

  it('have the defaults of Step Functions', async () => {
    const { calls } = await execute(machineOf({ Retry: [{ ErrorEquals: ['E'] }] }), {
      tasks: { work: failing('E', 'E', 'E', 'E', 'E') },
    });

    expect(timesOf(calls)).toEqual([0, 1_000, 3_000, 7_000]);
  });

  it('wait for a random part of the delay with full jitter', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 4, JitterStrategy: 'FULL' as const }];
    const { calls } = await execute(machineOf({ Retry }), {
      tasks: { work: failing('E', 'E') },
      random: () => 0.25,
    });

    expect(timesOf(calls)).toEqual([0, 1_000, 3_000]);
  });

  it('are counted by rule, and the first rule for an error decides', async () => {
    const Retry = [
      { ErrorEquals: ['A', 'B'], MaxAttempts: 2, BackoffRate: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 5 },
    ];
    const run = (...names: readonly string[]) =>
      execute(machineOf({ Retry }), { tasks: { work: failing(...names) } });

    expect(await run('A', 'X', 'B')).toMatchObject({ result: 'done', endedAt: 7_000 });
    expect(await run('A', 'B', 'A')).toMatchObject({ result: { name: 'A' }, endedAt: 2_000 });
    expect(await run('X', 'Y')).toMatchObject({ result: { name: 'Y' }, endedAt: 5_000 });
  });

  it.each([
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'Lambda.Unknown', true],
    ['States.ALL', 'States.Runtime', false],
    ['States.TaskFailed', 'Lambda.Unknown', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.Timeout', 'States.Timeout', true],
    ['States.Timeout', 'Sandbox.Timedout', false],
    ['Lambda.Unknown', 'Lambda.ServiceException', false],
  ])('on %s after %s: %s', async (expected, name, isRetried) => {
    const { calls } = await execute(machineOf({ Retry: [{ ErrorEquals: [expected] }] }), {
      tasks: { work: failing(name) },
    });

    expect(calls).toHaveLength(isRetried ? 2 : 1);
  });

  it('are none without attempts', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 0 }];
    const { calls } = await execute(machineOf({ Retry }), { tasks: { work: failing('E') } });

    expect(calls).toHaveLength(1);
  });
});

describe('catch of a state', () => {
  const caught = (ResultPath?: null) => ({
    StartAt: 'Work',
    States: {
      Work: {
        Type: 'Task',
        Resource: 'work',
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['States.ALL'], Next: 'Rescue', ResultPath },
        ],
        Next: 'Wrong',
      },
      Wrong: { Type: 'Fail', Error: 'Wrong' },
      Rescue: { Type: 'Pass', End: true },
    },
  });

  it('continues after the last attempt, with the error as the input', async () => {
    const { result, calls, states } = await execute(caught(), {
      tasks: { work: failing('E', 'E') },
    });

    expect(calls).toHaveLength(2);
    expect(states).toEqual(['Work', 'Rescue']);
    expect(result).toEqual({ Error: 'E', Cause: 'broken' });
  });

  it('keeps the input if it discards the error', async () => {
    const tasks = { work: failing('E', 'E') };

    expect((await execute(caught(null), { tasks, input: 'in' })).result).toBe('in');
  });
});
