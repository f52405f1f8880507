import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli/cli-error.ts';
import { type Progress, plainProgress } from '../cli/progress.ts';
import { applyDroppedProperties } from './apply-dropped-properties.ts';
import { localAccount } from './aws.ts';
import { deploy } from './deploy.ts';
import { startEmulator } from './emulator.ts';
import { audience, startIssuer } from './issuer.ts';
import { describeDeployment } from './outputs.ts';
import { registerWebhooks } from './register-webhooks.ts';
import { startSimulator } from './simulator-server.ts';
import { startSinks } from './sinks-server.ts';
import { isRunning, type LocalStack, readStack, writeStack } from './stack-descriptor.ts';

export interface LocalStackOptions {
  /** Directory for the descriptor (`stack.json`), the logs and the assembly. One stack for each directory. */
  readonly directory: string;
  /** Port of the local AWS; a free port by default. */
  readonly port?: number | undefined;
  /** Concurrent Lambda handlers, each a process of about 70 MB. */
  readonly lambdaConcurrency?: number;
  /** Prints lines by default. */
  readonly step?: Progress;
  /** Aborts the start; everything that was started is stopped. */
  readonly signal?: AbortSignal;
}

export interface RunningStack {
  readonly stack: LocalStack;
  /** Resolves with a message if the local AWS stops by itself. */
  readonly unexpectedExit: Promise<string>;
  /** Ends all processes and removes temporary files and the descriptor. */
  stop(): Promise<void>;
}

/**
 * Starts the local AWS and the external systems, deploys the CDK app and writes the descriptor. Everything uses free
 * ports of 127.0.0.1, so that several stacks can run concurrently.
 */
export const startLocalStack = async (options: LocalStackOptions): Promise<RunningStack> => {
  const { directory, port, lambdaConcurrency = 64, step = plainProgress } = options;
  const descriptor = join(directory, 'stack.json');
  const closers: (() => Promise<void>)[] = [];
  const openTracked = async <T extends { close(): Promise<void> }>(
    opening: Promise<T>,
  ): Promise<T> => {
    const server = await opening;
    closers.push(() => server.close());
    return server;
  };
  const stop = async () => {
    rmSync(descriptor, { force: true });
    await Promise.all(closers.splice(0).map((close) => close()));
  };

  // Two stacks in one directory would overwrite each other's descriptor and assembly.
  const running = await findRunningEndpoint(descriptor);
  if (running) {
    throw new CliError(
      `This checkout already runs a stack at ${running}: stop it first (Ctrl-C there).`,
    );
  }

  try {
    rmSync(descriptor, { force: true });
    const issuer = await openTracked(startIssuer());
    const simulator = await openTracked(startSimulator());
    const sinks = await openTracked(startSinks());
    const emulator = await step('Starting the local AWS', () =>
      openTracked(
        startEmulator({ port, logFile: join(directory, 'emulator.log'), lambdaConcurrency }),
      ),
    );
    const emulatorExit = new AbortController();
    emulator.unexpectedExit.then((message) => emulatorExit.abort(new CliError(message)));
    const signal = AbortSignal.any([
      emulatorExit.signal,
      ...(options.signal ? [options.signal] : []),
    ]);

    const { endpoint } = emulator;
    const { dataPlatformUrl, notificationsUrl } = sinks;
    const context = localContextOf({
      endpoint,
      issuer: issuer.issuer,
      simulatorUrl: simulator.url,
      sinks: { dataPlatformUrl, notificationsUrl },
    });
    const { outputs, assembly } = await deploy({ endpoint, context, directory, step, signal });
    await step('Applying properties that the local AWS dropped', async (report) => {
      const applied = await applyDroppedProperties(endpoint, assembly);
      const byProperty = Map.groupBy(applied, (name) => name.split(' ')[1]);
      for (const [property, { length }] of byProperty)
        report(`set ${property} of ${length} ${length === 1 ? 'resource' : 'resources'}`);
    });
    signal.throwIfAborted();

    const stack: LocalStack = {
      ...describeDeployment(outputs, endpoint),
      ...localAccount,
      endpoint,
      simulatorUrl: simulator.url,
      simulatorSwitchUrl: simulator.switchUrl,
      issuer: issuer.issuer,
      tokenUrl: issuer.tokenUrl,
      sinks: { dataPlatformUrl, notificationsUrl },
    };
    await registerWebhooks(stack);
    writeStack(stack, descriptor);
    return { stack, unexpectedExit: emulator.unexpectedExit, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The CDK context of a local stack. */
export const localContextOf = ({
  endpoint,
  issuer,
  simulatorUrl: pgUrl,
  sinks,
}: Pick<LocalStack, 'endpoint' | 'issuer' | 'simulatorUrl' | 'sinks'>) => ({
  stage: 'local',
  ...{ endpoint, issuer, audience, pgUrl },
  ...sinks,
  // Each concurrent handler is a process. A larger burst gets 429 instead of stalling the machine.
  functionConcurrency: '4',
});

/** The endpoint of the running stack in a descriptor; undefined if it is not running or the descriptor is outdated. */
const findRunningEndpoint = async (descriptor: string): Promise<string | undefined> => {
  try {
    const stack = readStack(descriptor);
    return (await isRunning(stack)) ? stack.endpoint : undefined;
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
};
