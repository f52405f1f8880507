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
  'npm run test:localstack takes --serve (keep the stack to be called), or names of test files.';

const signal = abortOnSignal();

// Containers start slowly, and nobody there enforces roles.
const vitestArguments = [
  '--testTimeout=240000',
  '--hookTimeout=240000',
  '--exclude=test/integration/exclusive/least-privilege.test.ts',
  // No schedule fires there: what the other tests leave overdue piles up, and a sweep by hand does not get through it in time.
  '--exclude=test/integration/sweeper.test.ts',
  '--exclude=test/integration/exclusive/crash-recovery.test.ts',
  // Step Functions there has no name of its own for a throttled function, and takes a step that is held back for one that failed.
  '--exclude=test/integration/exclusive/late-capture.test.ts',
  '--exclude=test/integration/cancel-vs-claim.test.ts',
  // The PG shares the port of a container with others there.
  '--exclude=test/integration/exclusive/gateway-outage.test.ts',
  // And has nowhere to send its webhooks.
  '--exclude=test/integration/simulator-webhooks.test.ts',
  '--exclude=test/integration/exclusive/game-days.test.ts',
];

/** The integration suite in a process of its own; what it prints is the command's output. */
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
        AFTERCOMMIT_PATIENCE: '4',
        // Each invocation at a time is a container: few that are warm are faster than many that have to start.
        AFTERCOMMIT_INVOCATIONS: '6',
      },
      stdio: 'inherit',
    },
  );
  signal.addEventListener('abort', () => vitest.kill());
  const [code] = await once(vitest, 'exit');
  process.exitCode = code ?? 1;
};

/** Keeps a stocked shop there to be called, until Ctrl-C. */
const serve = async ({ stack, waitForUnexpectedExit }: ContainerStack): Promise<void> => {
  await seed(
    DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint))),
    stack.tables,
    shop,
  );
  const variables = JSON.stringify(await samVariables(stack), null, 2);
  writeFileSync(join(directory, 'sam-env.json'), `${variables}\n`);

  console.log(`
LocalStack has the service and a stocked shop, until Ctrl-C:
  ${join(folder, 'stack.json')}    where everything is
  ${join(folder, 'cdk.out')}       what was deployed, for sam local invoke
  ${join(folder, 'sam-env.json')}  the variables of each function, for its --env-vars`);
  throw new CliError(await waitForUnexpectedExit());
};

/** Runs the integration suite on LocalStack; with --serve, keeps the stack to be called instead. */
await runCommand(async () => {
  const { values, positionals } = parseCommandLine(
    { options: { serve: { type: 'boolean', default: false } }, allowPositionals: true },
    usage,
  );
  const stack = await startContainerStack({
    directory,
    step: progressFor(process.stdout),
    signal: signal,
  });
  try {
    await (values.serve ? serve(stack) : runSuite(positionals));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await stack.stop();
  }
});
