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
    /** The queue that every event of the bus comes into. */
    tap: string;
    /** What the functions and the local AWS have logged; empty where somebody else keeps it. */
    logFile: string;
  }
}

/**
 * Gives the tests a deployed stack: the one whose descriptor AFTERCOMMIT_STACK names, which stays as it is, or one of
 * their own, gone when they are done.
 */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const running = process.env.AFTERCOMMIT_STACK;
  if (running) {
    const stack = readStack(running);
    project.provide('stack', stack);
    project.provide('tap', await listenToBus(stack));
    project.provide('logFile', '');

    return undefined;
  }

  const directory = await mkdtemp(join(tmpdir(), 'aftercommit-tests-'));
  const {
    stack,
    unexpectedExit: died,
    stop,
  } = await startLocalStack({ directory, step: briefProgress });
  project.provide('stack', stack);
  project.provide('tap', await listenToBus(stack));
  project.provide('logFile', join(directory, 'emulator.log'));
  died.then((sentence) => {
    console.error(sentence);
    // Without its stack each test would only wait for its deadline.
    project.vitest.cancelCurrentRun('test-failure');
  });

  return async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  };
};

/** Titles and times, without what goes on inside. */
const briefProgress: Progress = (title, work) => plainProgress(title, () => work(() => {}));
