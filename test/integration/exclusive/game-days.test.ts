import { afterAll, beforeAll, describe, it } from 'vitest';
import { drills } from '../../../dev/game-days/drills.ts';
import { tablesLost } from '../../../dev/game-days/tables-lost.ts';
import {
  createDrillDirectory,
  expectRecovery,
  removeDrillDirectory,
} from '../../support/stack/game-day.ts';
import { purgeDeadLetterQueues } from '../../support/stack/queues.ts';

describe('a game day', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await createDrillDirectory();
    // A drill starts only with empty dead-letter queues.
    await purgeDeadLetterQueues();
  });
  afterAll(() => removeDrillDirectory(directory));

  // The restore replaces the tables of the stack: it is the last test of all.
  it.for(drills.filter((drill) => drill !== tablesLost))(
    '$name ends reconciled without dead letters and prints the transcript of the runbook',
    (drill, { onTestFailed }) => expectRecovery(drill, directory, onTestFailed),
  );
});
