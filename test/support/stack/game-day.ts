import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Drill } from '../../../dev/game-days/drill.ts';
import { createQueueClient } from '../../../dev/game-days/queue-client.ts';
import { runDrill } from '../../../dev/game-days/run-drill.ts';
import { writeStack } from '../../../dev/local/stack-descriptor.ts';
import { isProgressLine, normalizeLine, readGameDays } from '../runbook.ts';
import { stack } from './aws-clients.ts';

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

/** The directory of the descriptor that the commands of drills read. */
export const createDrillDirectory = () => mkdtemp(join(tmpdir(), 'aftercommit-drills-'));

export const removeDrillDirectory = (directory: string) => rm(directory, { recursive: true });

/** Runs a drill, and expects it to end reconciled without dead letters, with the transcript of the runbook. */
export const expectRecovery = async (
  drill: Drill,
  directory: string,
  onTestFailed: (work: () => void) => void,
): Promise<void> => {
  const printed: string[] = [];
  onTestFailed(() => console.log(printed.join('\n')));
  const descriptor = join(directory, 'stack.json');
  writeStack(stack, descriptor);

  await runDrill(drill, {
    stack,
    descriptor,
    seconds: drill.duration && 2,
    print: (text) => printed.push(...text.split('\n')),
    signal: AbortSignal.timeout(110_000),
  });

  const expected = runbookLines(drill.name);
  expect(expected).not.toEqual([]);
  expect(missingLines(printed.map(normalizeLine), expected)).toEqual([]);
  expect(await createQueueClient(stack).dead()).toEqual({});
};
