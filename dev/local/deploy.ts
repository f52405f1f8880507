import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import type { Progress, ReportProgress } from '../cli/progress.ts';
import { runProcess } from '../cli/run-process.ts';
import { localAccount, localClientConfig, localEnvironment } from './aws.ts';
import { type Outputs, type OutputsFile, parseOutputs } from './outputs.ts';

export interface DeployOptions {
  readonly endpoint: string;
  /** The CDK context; see cdk/settings.ts. */
  readonly context: Readonly<Record<string, string>>;
  /** Directory for the assembly, the outputs and the logs of `cdk`. */
  readonly directory: string;
  readonly step: Progress;
  readonly signal: AbortSignal;
}

export interface DeployResult {
  readonly outputs: Outputs;
  /** The cloud assembly that was deployed. */
  readonly assembly: string;
}

const serviceStack = 'aftercommit-local-service';
const tailLines = 25;
const { accountId, region } = localAccount;

/** Deploys the CDK app to a local AWS with the same commands as to an AWS account. */
export const deploy = async (options: DeployOptions): Promise<DeployResult> => {
  const { endpoint, context, directory, step } = options;
  mkdirSync(directory, { recursive: true });
  const assembly = join(directory, 'cdk.out');
  const outputsFile = join(directory, 'outputs.json');
  const cdk = createCdkRunner(options);

  // Synthesis and bootstrap are independent, so they run concurrently.
  await step('Synthesizing the CDK app, bootstrapping the local AWS', async () => {
    await Promise.all([
      cdk(root, ['synth', '--quiet', '--output', assembly, ...contextArgumentsOf(context)]),
      // Run in a directory without cdk.json, so that bootstrap does not synthesize the app again.
      cdk(directory, ['bootstrap', `aws://${accountId}/${region}`]),
    ]);
    await allowPlainHttp(endpoint);
  });
  await step('Deploying the stacks', (report) =>
    cdk(
      root,
      [
        ...['deploy', '--all', '--app', assembly, '--outputs-file', outputsFile],
        ...['--require-approval', 'never', '--progress', 'events'],
      ],
      report,
    ),
  );

  const written: OutputsFile = JSON.parse(readFileSync(outputsFile, 'utf8'));
  return { outputs: parseOutputs(written), assembly };
};

/** Deploys the service stack again, without the others and with another context. Returns its outputs. */
export const deployService = async (options: Omit<DeployOptions, 'step'>): Promise<Outputs> => {
  const { context, directory } = options;
  const outputsFile = join(directory, 'outputs.json');
  await createCdkRunner(options)(root, [
    ...['deploy', serviceStack, '--exclusively', '--output', join(directory, 'cdk.out')],
    ...['--outputs-file', outputsFile, '--require-approval', 'never', '--progress', 'events'],
    ...contextArgumentsOf(context),
  ]);

  return parseOutputs(JSON.parse(readFileSync(outputsFile, 'utf8')));
};

const contextArgumentsOf = (context: DeployOptions['context']): readonly string[] =>
  Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Creates a function that runs `cdk` on the local AWS. On failure it throws the last lines of the output. */
const createCdkRunner =
  ({ endpoint, directory, signal }: Pick<DeployOptions, 'endpoint' | 'directory' | 'signal'>) =>
  async (
    cwd: string,
    args: readonly string[],
    report: ReportProgress = () => {},
  ): Promise<void> => {
    const logFile = join(directory, `cdk-${args[0]}.log`);
    const { code, lines } = await runProcess(
      join(root, 'node_modules', '.bin', 'cdk'),
      [...args, '--no-notices', '--ci'],
      { cwd, env: localEnvironment(endpoint), signal, onLine: createResourceCounter(report) },
    );
    writeFileSync(logFile, `${lines.join('\n')}\n`);
    if (code === 0) return;

    throw new CliError(
      `${lines.slice(-tailLines).join('\n')}\n\ncdk ${args[0]} failed; the full output is in ${relative(root, logFile)}.`,
    );
  };

/** Reports `Stack: 12 of 115 resources` for `Stack | 12/115 | 10:00:00 | CREATE_COMPLETE | ...`, at most once a second. */
const createResourceCounter = (report: ReportProgress) => {
  let reportedAt = 0;

  return (line: string): void => {
    const event = /^(\S+) \|\s*(\d+)\/(\d+) \|/.exec(line);
    if (!event || Date.now() - reportedAt < 1_000) return;

    reportedAt = Date.now();
    report(`${event[1]}: ${event[2]} of ${event[3]} resources`);
  };
};

/** Removes the bucket policy that denies plain HTTP, because a local AWS supports only plain HTTP. */
const allowPlainHttp = async (endpoint: string): Promise<void> => {
  const s3 = new S3Client({ ...localClientConfig(endpoint), forcePathStyle: true });
  await s3.send(
    new DeleteBucketPolicyCommand({ Bucket: `cdk-hnb659fds-assets-${accountId}-${region}` }),
  );
};
