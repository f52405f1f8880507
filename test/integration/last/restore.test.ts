import { afterAll, beforeAll, expect, it } from 'vitest';
import { tablesLost } from '../../../dev/game-days/tables-lost.ts';
import { stack } from '../../support/stack/aws-clients.ts';
import {
  createDrillDirectory,
  expectRecovery,
  removeDrillDirectory,
} from '../../support/stack/game-day.ts';
import { purgeDeadLetterQueues } from '../../support/stack/queues.ts';

let directory: string;
beforeAll(async () => {
  directory = await createDrillDirectory();
  await purgeDeadLetterQueues();
});
afterAll(() => removeDrillDirectory(directory));

it('restores lost tables to one instant, and ends reconciled with the transcript of the runbook', async ({
  onTestFailed,
}) => {
  const before = Object.values(stack.tables);

  await expectRecovery(tablesLost, directory, onTestFailed);

  const after = Object.values(stack.tables);
  expect(after).toHaveLength(before.length);
  expect(after.filter((name) => before.includes(name))).toEqual([]);
});
