import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drills } from '../../../dev/game-days/drills.ts';
import { createQueueClient } from '../../../dev/game-days/queue-client.ts';
import { runDrill } from '../../../dev/game-days/run-drill.ts';
import { writeStack } from '../../../dev/local/stack-descriptor.ts';
import { isProgressLine, normalizeLine, readGameDays } from '../../support/runbook.ts';
import { stack } from '../../support/stack/aws-clients.ts';
import { purgeDeadLetterQueues } from '../../support/stack/queues.ts';

/** Lines of the runbook that were not printed in this order. */
const missingLines = (printed: readonly string[], expected: readonly string[]): string[] => {
  let from = 0;

  return expected.filter((line) => {
    const at = printed.indexOf(line, from);
    if (at >= 0) from = at + 1;

    return at < 0;
  });
};

const runbookLines = (name: string): string[] =>
  (readGameDays().find((day) => day.name === name)?.printed ?? [])
    .filter((line) => !['', '[...]'].includes(line.trim()) && !isProgressLine(line))
    .filter((line) => !line.startsWith('$ npm run game-day'))
    .map(normalizeLine);

describe('a game day', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aftercommit-drills-'));
    writeStack(stack, join(directory, 'stack.json'));
    // A drill starts only with empty dead-letter queues.
    await purgeDeadLetterQueues();
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.for(drills)(
    '$name ends reconciled without dead letters and prints the transcript of the runbook',
    async (drill, { onTestFailed }) => {
      const printed: string[] = [];
      onTestFailed(() => console.log(printed.join('\n')));

      await runDrill(drill, {
        stack,
        descriptor: join(directory, 'stack.json'),
        seconds: drill.duration && 2,
        print: (text) => printed.push(...text.split('\n')),
        signal: AbortSignal.timeout(110_000),
      });

      const expected = runbookLines(drill.name);
      expect(expected).not.toEqual([]);
      expect(missingLines(printed.map(normalizeLine), expected)).toEqual([]);
      expect(await createQueueClient(stack).dead()).toEqual({});
    },
  );
});
