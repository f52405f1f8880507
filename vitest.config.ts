import { defineConfig } from 'vitest/config';

/** Tests look at outcomes, not at log lines; where a line is the promise, they look at the logger itself. */
const quiet = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'aftercommit',
  POWERTOOLS_SERVICE_NAME: 'tests',
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          env: quiet,
          // They are quick. What shares two cores with a stack that starts may be slow all the same.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          env: quiet,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          // One CDK for all files: loading it takes longer than their tests.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/stack/global-setup.ts'],
          setupFiles: [
            'test/support/stack/reconciliation-check.ts',
            'test/support/stack/secret-leak-check.ts',
            'test/support/stack/metrics-check.ts',
          ],
          // One stack for all: a file that takes a right away from a role must be alone with it.
          fileParallelism: false,
          // Of what is at work at the same time, most waits: for the PG, a window, a claim.
          maxConcurrency: 12,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
