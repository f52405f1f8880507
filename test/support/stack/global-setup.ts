import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Progress, plainProgress } from '../../../dev/cli/progress.ts';
import { startLocalStack } from '../../../dev/local/local-stack.ts';
import { type LocalStack, readStack } from '../../../dev/local/stack-descriptor.ts';
import { listenToBus } from './bus-listener.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: LocalStack;
    /** The queue that receives every event of the bus. */
    tap: string;
    /** The directory in which test files keep what others check as well: events of the bus, secrets that were sent. */
    sharedDirectory: string;
    /** The log of the functions and the local AWS; empty if the stack was started elsewhere. */
    logFile: string;
    /** Whether other test files use the stack at the same time. */
    isStackShared: boolean;
  }
}

interface TestStack {
  readonly stack: LocalStack;
  readonly tap: string;
  readonly sharedDirectory: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Titles and times, without the output of each step. */
const briefProgress: Progress = (title, work) => plainProgress(title, () => work(() => {}));

const startTestStack = async (project: TestProject): Promise<TestStack> => {
  const directory = await mkdtemp(join(tmpdir(), 'aftercommit-tests-'));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  const running = process.env.AFTERCOMMIT_STACK;
  if (running) {
    const stack = readStack(running);
    const tap = await listenToBus(stack);

    return { stack, tap, sharedDirectory: directory, logFile: '', stop: removeDirectory };
  }
  const { stack, unexpectedExit, stop } = await startLocalStack({ directory, step: briefProgress });
  unexpectedExit.then((sentence) => {
    console.error(sentence);
    // Without its stack each test would only wait for its deadline.
    project.vitest.cancelCurrentRun('test-failure');
  });

  return {
    stack,
    tap: await listenToBus(stack),
    sharedDirectory: directory,
    logFile: join(directory, 'emulator.log'),
    stop: () => stop().then(removeDirectory),
  };
};

// Vitest loads this module once for each project, and all projects use one stack.
const shared = globalThis as { testStack?: Promise<TestStack>; testStackUsers?: number };

/**
 * Gives the tests a deployed stack: the one whose descriptor AFTERCOMMIT_STACK names, which is left running, or one of their own,
 * which stops with the last project that uses it.
 */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  shared.testStack ??= startTestStack(project);
  shared.testStackUsers = (shared.testStackUsers ?? 0) + 1;
  const { stop, ...provided } = await shared.testStack;
  for (const [key, value] of Object.entries(provided))
    project.provide(key as keyof typeof provided, value);

  return async () => {
    shared.testStackUsers = (shared.testStackUsers ?? 0) - 1;
    if (shared.testStackUsers === 0) await stop();
  };
};
