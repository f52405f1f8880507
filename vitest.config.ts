import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests assert on outcomes, not on log lines; tests of log lines use the logger itself. */
const quiet = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'aftercommit',
  POWERTOOLS_SERVICE_NAME: 'tests',
};

/** Unit tests that replace a global: the console, a module's prototype, the environment. */
const isolatedUnitTests = [
  'test/unit/application/events/event-consumer.test.ts',
  'test/unit/functions/finish-compensation/handler.test.ts',
  'test/unit/functions/measure-backlog/handler.test.ts',
  'test/unit/functions/relay-changes/*.test.ts',
  'test/unit/observability/*.test.ts',
  'test/unit/persistence/dynamodb/items-as-plain-values.test.ts',
  'test/unit/persistence/dynamodb/versioned-items.test.ts',
];

/** Unit tests import lib-dynamodb through the recorder of their writes, which are compared after each file. */
const recordWrites: Plugin = {
  name: 'record-writes',
  enforce: 'pre',
  resolveId(source, importer) {
    const recorder = join(import.meta.dirname, 'test/support/sdk/recorded-commands.ts');

    return source === '@aws-sdk/lib-dynamodb' && importer !== recorder ? recorder : undefined;
  },
};

/** The tests of the templates validate them; another synthesis need not repeat that. */
const withoutValidation = { CDK_VALIDATION: 'false' };

/** All files use one stack, and most of a test's time is a wait: for the gateway, a window, a claim. */
const onStack = {
  globalSetup: ['test/support/stack/global-setup.ts'],
  setupFiles: [
    'test/support/stack/reconciliation-check.ts',
    'test/support/stack/secret-leak-check.ts',
    'test/support/stack/log-check.ts',
  ],
  env: withoutValidation,
  maxConcurrency: 12,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/** Starts with the files that run one at a time: they take longest. */
class ExclusiveFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isExclusive = ({ project }: TestSpecification) =>
      project.name === 'integration-exclusive';

    return [...sorted.filter(isExclusive), ...sorted.filter((file) => !isExclusive(file))];
  }
}

/** Tests of one process, and those that wait for a stack of their own turn, run at the same time. */
const together = { maxWorkers: 3, sequence: { groupOrder: 1 } };

// Projects of one group run at the same time; the groups run in their order.
export default defineConfig({
  test: {
    sequence: { sequencer: ExclusiveFirst },
    projects: [
      {
        plugins: [recordWrites],
        test: {
          name: 'unit',
          ...together,
          include: ['test/unit/**/*.test.ts'],
          exclude: isolatedUnitTests,
          env: quiet,
          setupFiles: ['test/support/reset-globals.ts', 'test/support/sdk/compare-writes.ts'],
          // Loading the modules once for all files takes half of the time.
          isolate: false,
          // A test that shares two cores with others may be slow.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        plugins: [recordWrites],
        test: {
          name: 'unit-isolated',
          ...together,
          include: isolatedUnitTests,
          env: quiet,
          setupFiles: ['test/support/sdk/compare-writes.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'contract',
          ...together,
          include: ['test/contract/**/*.test.ts'],
          env: quiet,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'infra',
          ...together,
          include: ['test/infra/**/*.test.ts'],
          env: quiet,
          // One CDK for all files: loading it takes longer than their tests.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'simulation',
          ...together,
          include: ['test/simulation/**/*.test.ts'],
          env: quiet,
          // Its seeds run in processes of their own, next to the other tests.
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration-exclusive',
          ...together,
          // Each changes what all share: a permission, a function's configuration, the gateway, the dead-letter queues.
          include: ['test/integration/exclusive/*.test.ts'],
          ...onStack,
          setupFiles: ['test/support/stack/exclusive-lock.ts', ...onStack.setupFiles],
          provide: { isStackShared: false },
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/*.test.ts'],
          ...onStack,
          provide: { isStackShared: true },
          isolate: false,
          maxWorkers: 6,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration-last',
          // It replaces what all other files have read from the descriptor of the stack.
          include: ['test/integration/last/*.test.ts'],
          ...onStack,
          provide: { isStackShared: false },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
