import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import { executeStateMachine } from '../simulation/aws/step-functions.ts';
import { targetInput } from '../support/cdk/deployment/target-input.ts';
import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';

const sandbox = readDeployment('sandbox', contexts.sandbox);

describe('compensation as deployed', () => {
  const definition = sandbox.stateMachines['Compensation/StateMachine'];
  const run = async (failing?: string) => {
    const tasks: string[] = [];
    const output =
      definition &&
      (await executeStateMachine(
        definition,
        { paymentId: 'pay_1' },
        {
          runTask: async (folder, input) => {
            tasks.push(folder);
            if (folder === failing) throw new Error('broken');

            return { folder, input };
          },
          // Only the retries wait: here they are immediate, and no timeout ends a task.
          after: (ms, next) => {
            if (ms < 15_000) queueMicrotask(next);

            return () => {};
          },
          random: () => 0,
        },
      ));

    return { tasks, output };
  };
  const steps = ['restore-stock', 'restore-balance', 'release-order'];

  it('runs each step, then finishes with the input of the execution', async () => {
    expect(await run()).toEqual({
      tasks: [...steps, 'finish-compensation'],
      output: { folder: 'finish-compensation', input: { paymentId: 'pay_1' } },
    });
  });

  it('finishes also if a step fails after all its retries', async () => {
    const { tasks, output } = await run('restore-balance');
    const attempts = tasks.filter((folder) => folder === 'restore-balance');

    expect(attempts).toHaveLength(1 + stages.sandbox.compensationRetries);
    expect(tasks.at(-1)).toBe('finish-compensation');
    expect(output).toMatchObject({ input: { paymentId: 'pay_1' } });
  });
});

describe('input of a rule target', () => {
  const [compensation] =
    sandbox.rules.find(({ name }) => name === 'Compensation/Rule')?.targets ?? [];
  const detail = { data: { paymentId: 'pay_"1"' }, traceparent: '00-1' };

  it('is made by the transformer from the event', () => {
    expect(compensation).toMatchObject({ kind: 'stateMachine', name: 'Compensation/StateMachine' });
    expect(compensation && targetInput(compensation, { id: 'e-1', detail })).toEqual({
      id: 'e-1',
      paymentId: 'pay_"1"',
      traceparent: '00-1',
    });
  });

  it('has an empty text for what the event does not have', () => {
    const event = { id: 'e-1', detail: { data: detail.data } };

    expect(compensation && targetInput(compensation, event)).toMatchObject({ traceparent: '' });
  });

  it('is the event itself without a transformer', () => {
    const event = { id: 'e-1' };

    expect(targetInput({ inputFields: {} }, event)).toBe(event);
    expect(targetInput({ inputFields: { InputPath: '$.detail' } }, { detail })).toBe(detail);
    expect(targetInput({ inputFields: { Input: '{"a":1}' } }, event)).toEqual({ a: 1 });
  });

  it('throws on a template or a path that it cannot read', () => {
    const transformed = (InputTemplate: string, path: string) =>
      targetInput(
        { inputFields: { InputTransformer: { InputPathsMap: { a: path }, InputTemplate } } },
        {},
      );

    expect(() => transformed('{"a":"text <a>"}', '$.a')).toThrow();
    expect(() => transformed('{"a":<b>}', '$.a')).toThrow('<b>');
    expect(() => transformed('{"a":<a>}', '$.a[0]')).toThrow('$.a[0]');
  });
});
