import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { abortOnSignal } from './cli/abort-on-signal.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { root } from './cli/paths.ts';
import { progressFor } from './cli/progress.ts';
import { seed } from './demo/seed.ts';
import { shop } from './demo/shop.ts';
import { localClientConfig } from './local/aws.ts';
import { type ContainerStack, startContainerStack } from './local/container-stack.ts';
import { samVariables } from './local/sam-variables.ts';

const folder = join('.local', 'localstack');
const directory = join(root, folder);

const usage =
  'npm run test:localstack [-- --serve | -- <test files>]; --serve starts the stack and keeps it running.';

const signal = abortOnSignal();

const vitestArguments = [
  // Containers start slowly.
  '--testTimeout=240000',
  '--hookTimeout=240000',
  // LocalStack does not enforce IAM.
  '--exclude=test/integration/exclusive/least-privilege.test.ts',
  // Schedules do not fire there: stuck payments of other tests pile up, too many for one manual sweep.
  '--exclude=test/integration/sweeper.test.ts',
  '--exclude=test/integration/exclusive/crash-recovery.test.ts',
  // Step Functions there has no error name for a throttled function, so a throttled step counts as a failed one.
  '--exclude=test/integration/exclusive/late-capture.test.ts',
  '--exclude=test/integration/cancel-vs-claim.test.ts',
  // The gateway simulator shares its port with other servers there.
  '--exclude=test/integration/exclusive/gateway-outage.test.ts',
  // And it cannot reach an HTTP API to send webhooks to.
  '--exclude=test/integration/simulator-webhooks.test.ts',
  '--exclude=test/integration/challenges.test.ts',
  '--exclude=test/integration/exclusive/game-days.test.ts',
  '--exclude=test/integration/last/restore.test.ts',
];

/** Runs the integration suite in a child process and passes its output through. */
const runSuite = async (names: readonly string[]): Promise<void> => {
  const vitest = spawn(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', '--project', 'integration*', '--no-file-parallelism', ...vitestArguments, ...names],
    {
      cwd: root,
      env: {
        ...process.env,
        AFTERCOMMIT_STACK: join(directory, 'stack.json'),
        AFTERCOMMIT_TRANSPORT: 'direct',
        AFTERCOMMIT_TIMEOUT_FACTOR: '4',
        // Each concurrent invocation is a container: a few warm ones are faster than many cold starts.
        AFTERCOMMIT_INVOCATIONS: '6',
      },
      stdio: 'inherit',
    },
  );
  signal.addEventListener('abort', () => vitest.kill());
  const [code] = await once(vitest, 'exit');
  process.exitCode = code ?? 1;
};

/** Seeds the shop and keeps the stack running until Ctrl-C. */
const serve = async ({ stack, waitForUnexpectedExit }: ContainerStack): Promise<void> => {
  await seed(
    DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint))),
    stack.tables,
    shop,
  );
  const variables = JSON.stringify(await samVariables(stack), null, 2);
  writeFileSync(join(directory, 'sam-env.json'), `${variables}\n`);

  console.log(`
LocalStack runs the service with a seeded shop until Ctrl-C:
  ${join(folder, 'stack.json')}    names and addresses of the stack
  ${join(folder, 'cdk.out')}       the deployed templates, for sam local invoke
  ${join(folder, 'sam-env.json')}  the variables of each function, for its --env-vars`);
  throw new CliError(await waitForUnexpectedExit());
};

/** Runs the integration suite on LocalStack, or with --serve keeps the stack running. */
await runCommand(async () => {
  const { values, positionals } = parseCommandLine(
    { options: { serve: { type: 'boolean', default: false } }, allowPositionals: true },
    usage,
  );
  const stack = await startContainerStack({
    directory,
    step: progressFor(process.stdout),
    signal,
  });
  try {
    await (values.serve ? serve(stack) : runSuite(positionals));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await stack.stop();
  }
});
