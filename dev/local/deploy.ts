import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { Advice } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import type { Say, Step } from '../cli/progress.ts';
import { run } from '../cli/run-process.ts';
import { localAccount, localClient, localEnvironment } from './aws.ts';
import { type Outputs, type OutputsFile, usableOutputs } from './outputs.ts';

export interface Deployment {
  readonly endpoint: string;
  /** The CDK context; cdk/app.ts says what it knows. */
  readonly context: Readonly<Record<string, string>>;
  /** For the assembly, the outputs and the log of what `cdk` said. */
  readonly directory: string;
  readonly step: Step;
  readonly signal: AbortSignal;
}

export interface Deployed {
  readonly outputs: Outputs;
  /** The cloud assembly that was deployed. */
  readonly assembly: string;
}

const tailLines = 25;
const { accountId, region } = localAccount;

/** Deploys the CDK app to a local AWS with the same commands that put it into an account. */
export const deploy = async (deployment: Deployment): Promise<Deployed> => {
  const { endpoint, context, directory, step } = deployment;
  mkdirSync(directory, { recursive: true });
  const assembly = join(directory, 'cdk.out');
  const outputsFile = join(directory, 'outputs.json');
  const contextArguments = Object.entries(context).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const cdk = cdkIn(deployment);

  // Synthesis needs no AWS and bootstrap no assembly: side by side they take as long as one.
  await step('Synthesizing the CDK app, bootstrapping the local AWS', async () => {
    await Promise.all([
      cdk(root, ['synth', '--quiet', '--output', assembly, ...contextArguments]),
      // Where no cdk.json is, so that it does not synthesize the app a second time.
      cdk(directory, ['bootstrap', `aws://${accountId}/${region}`]),
    ]);
    await allowPlainHttp(endpoint);
  });
  await step('Deploying the stacks', (say) =>
    cdk(
      root,
      [
        ...['deploy', '--all', '--app', assembly, '--outputs-file', outputsFile],
        ...['--require-approval', 'never', '--progress', 'events'],
      ],
      say,
    ),
  );

  const written: OutputsFile = JSON.parse(readFileSync(outputsFile, 'utf8'));
  return { outputs: usableOutputs(written), assembly };
};

/** Runs `cdk` against the local AWS; a failure shows the end of what it said. */
const cdkIn =
  ({ endpoint, directory, signal }: Deployment) =>
  async (cwd: string, args: readonly string[], say: Say = () => {}): Promise<void> => {
    const logFile = join(directory, `cdk-${args[0]}.log`);
    const { code, lines } = await run(
      join(root, 'node_modules', '.bin', 'cdk'),
      [...args, '--no-notices', '--ci'],
      { cwd, env: localEnvironment(endpoint), signal, onLine: counting(say) },
    );
    writeFileSync(logFile, `${lines.join('\n')}\n`);
    if (code === 0) return;

    throw new Advice(
      `${lines.slice(-tailLines).join('\n')}\n\ncdk ${args[0]} failed; all that it said is in ${relative(root, logFile)}.`,
    );
  };

/** Says `Stack: 12 of 115 resources` for `Stack | 12/115 | 10:00:00 | CREATE_COMPLETE | ...`, once a second. */
const counting = (say: Say) => {
  let saidAt = 0;

  return (line: string): void => {
    const event = /^(\S+) \|\s*(\d+)\/(\d+) \|/.exec(line);
    if (!event || Date.now() - saidAt < 1_000) return;

    saidAt = Date.now();
    say(`${event[1]}: ${event[2]} of ${event[3]} resources`);
  };
};

/** The bootstrap bucket refuses plain HTTP, and a local AWS speaks nothing else. */
const allowPlainHttp = async (endpoint: string): Promise<void> => {
  const s3 = new S3Client({ ...localClient(endpoint), forcePathStyle: true });
  await s3.send(
    new DeleteBucketPolicyCommand({ Bucket: `cdk-hnb659fds-assets-${accountId}-${region}` }),
  );
};
