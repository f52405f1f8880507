import { expect, it } from 'vitest';
import type { DrillContext } from '../../../../dev/game-days/drill-context.ts';
import { runOf } from '../../../../dev/game-days/restore-steps.ts';
import { tablesLost } from '../../../../dev/game-days/tables-lost.ts';

it.each([
  [false, ['The stack has no tables any more: run npm start again.']],
  [true, []],
])('says what to do if it ends without the tables (restored: %s)', async (isRestored, expected) => {
  const removals: (() => Promise<unknown>)[] = [];
  const printed: string[] = [];
  const context = {
    shell: { stack: { endpoint: 'http://127.0.0.1:1', tables: {} } },
    registerFaultRemoval: (removeFault: () => Promise<unknown>) => removals.push(removeFault),
    print: (line: string) => printed.push(line),
  } as unknown as DrillContext;
  await tablesLost.faultSteps.at(-1)?.run(context);
  runOf(context).isRestored = isRestored;

  for (const remove of removals) await remove();

  expect(printed).toEqual(expected);
});
