import { expect, it } from 'vitest';
import { runMachine } from '../../bench/host/state-machine.ts';
import type { StateMachineDefinition } from '../../support/cdk/deployment/state-machines.ts';

const machine: StateMachineDefinition = {
  StartAt: 'Undo',
  States: {
    Undo: {
      Type: 'Parallel',
      Next: 'finish',
      Branches: ['stock', 'balance'].map((step) => ({
        StartAt: step,
        States: {
          [step]: {
            Type: 'Task',
            Resource: step,
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Leave it' }],
          },
          'Leave it': { Type: 'Pass' },
        },
      })),
    },
    finish: { Type: 'Task', Resource: 'finish' },
  },
};

const run = async (failing?: string) => {
  const invoked: string[] = [];
  const entered: string[] = [];
  await runMachine(
    machine,
    { paymentId: 'pay_1' },
    {
      invoke: async (folder) => {
        invoked.push(folder);
        if (folder === failing) throw new Error('broken');
      },
      entered: (state) => entered.push(state),
    },
  );

  return { invoked, entered };
};

it('runs every branch and then the last step', async () => {
  const { invoked, entered } = await run();

  expect(invoked).toEqual(['stock', 'balance', 'finish']);
  expect(entered).toEqual(['Undo', 'stock', 'balance', 'finish']);
});

it('continues after a caught failure', async () => {
  const { invoked, entered } = await run('stock');

  expect(invoked).toEqual(['stock', 'balance', 'finish']);
  expect(entered).toContain('Leave it');
});

it('fails without a catch', async () => {
  await expect(run('finish')).rejects.toThrow('broken');
});
