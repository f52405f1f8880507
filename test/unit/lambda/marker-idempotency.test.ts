import { describe, expect, it, vi } from 'vitest';
import { idempotentByMarker } from '../../../shared/lambda/marker-idempotency.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';

interface Result {
  readonly outcome: string;
}

/** Work whose marker is in memory, and that loses the answers of its writes as requested. */
const createCounter = () => {
  const markers = new Map<string, Result>();
  const calls: string[] = [];
  const world = { isAnswerLost: false, isCounted: true };
  const run = idempotentByMarker(
    {
      name: 'tests',
      keyOf: (event: string) => event,
      hasFailedCondition: ({ outcome }: Result) => outcome === 'duplicate',
      findResult: async (event) => {
        calls.push(`find ${event}`);

        return markers.get(event);
      },
    },
    async (event) => {
      calls.push(`count ${event}`);
      if (markers.has(event) || !world.isCounted) return { outcome: 'duplicate' };
      markers.set(event, { outcome: 'counted' });
      if (world.isAnswerLost) throw new Error('connection lost');

      return { outcome: 'counted' };
    },
  );

  return { world, calls, markers, run: (event: string) => run(event, aLambdaContext()) };
};

describe('idempotent by marker', () => {
  it('runs the work alone for a first event', async () => {
    const { run, calls } = createCounter();

    expect(await run('e-1')).toEqual({ value: { outcome: 'counted' }, replayed: false });
    expect(await run('e-2')).toEqual({ value: { outcome: 'counted' }, replayed: false });

    expect(calls).toEqual(['count e-1', 'count e-2']);
  });

  it('answers a duplicate from the marker', async () => {
    const { run, calls } = createCounter();

    const first = await run('e-1');

    expect(await run('e-1')).toEqual({ ...first, replayed: true });
    expect(calls).toEqual(['count e-1', 'count e-1', 'find e-1']);
  });

  it('answers a duplicate after a lost answer from the marker', async () => {
    const { run, world, markers } = createCounter();
    world.isAnswerLost = true;

    await expect(run('e-1')).rejects.toThrow('connection lost');

    expect([...markers]).toEqual([['e-1', { outcome: 'counted' }]]);
    expect(await run('e-1')).toEqual({ value: { outcome: 'counted' }, replayed: true });
  });

  it('keeps its own result if there is no marker', async () => {
    const { run, world, calls } = createCounter();
    world.isCounted = false;

    expect(await run('e-1')).toEqual({ value: { outcome: 'duplicate' }, replayed: false });
    expect(calls).toEqual(['count e-1', 'find e-1']);
  });

  it('remembers no result: a lost marker lets the work run again', async () => {
    const { run, markers } = createCounter();
    await run('e-1');
    markers.clear();

    expect(await run('e-1')).toEqual({ value: { outcome: 'counted' }, replayed: false });
  });

  it('runs both of two copies at the same time, and answers one from the marker', async () => {
    const { run, calls } = createCounter();

    const answers = await Promise.all([run('e-1'), run('e-1')]);

    expect(answers.map(({ value }) => value)).toEqual([
      { outcome: 'counted' },
      { outcome: 'counted' },
    ]);
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(calls.filter((call) => call === 'count e-1')).toHaveLength(2);
  });

  it('fails like the work, and like the look-up', async () => {
    const findResult = vi.fn().mockRejectedValue(new TypeError('no table'));
    const options = { name: 'tests', keyOf: (event: string) => event, findResult };
    const failing = vi.fn().mockRejectedValue(new TypeError('a defect'));

    await expect(
      idempotentByMarker({ ...options, hasFailedCondition: () => true }, failing)(
        'e-1',
        aLambdaContext(),
      ),
    ).rejects.toThrow('a defect');
    expect(findResult).not.toHaveBeenCalled();
    await expect(
      idempotentByMarker({ ...options, hasFailedCondition: () => true }, async () => 'done')(
        'e-1',
        aLambdaContext(),
      ),
    ).rejects.toThrow('no table');
  });
});
