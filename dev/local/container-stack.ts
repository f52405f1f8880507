import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.ts';
import type { Progress } from '../cli/progress.ts';
import { localAccount } from './aws.ts';
import { deploy } from './deploy.ts';
import { createDockerCompose } from './docker-compose.ts';
import { describeDeployment } from './outputs.ts';
import { findFreePort } from './ports.ts';
import { type LocalStack, writeStack } from './stack-descriptor.ts';

export interface ContainerStackOptions {
  /** For the descriptor (`stack.json`), the logs and the assembly. */
  readonly directory: string;
  readonly step: Progress;
  /** Gives up the start; what was started until then is stopped. */
  readonly signal: AbortSignal;
}

export interface ContainerStack {
  readonly stack: LocalStack;
  /** Resolves with a sentence if LocalStack stops by itself. */
  waitForUnexpectedExit(): Promise<string>;
  /** Leaves no container. */
  stop(): Promise<void>;
}

const composition = { file: 'localstack.yml', network: 'aftercommit' };
const readyWithinMs = 120_000;

/** How the containers of the composition reach each other. */
const containerUrls = {
  localstack: 'http://localstack-main:4566',
  externalSystems: 'http://external-systems:4570',
};

// The open edition of LocalStack has no HTTP API, and so none that asks an issuer: nobody ever calls these.
const unusedUrls = {
  apiUrl: 'http://api.invalid',
  issuer: 'http://issuer.invalid',
  tokenUrl: 'http://issuer.invalid/token',
};

/** Starts LocalStack and the world outside in containers, deploys the CDK app without its HTTP API, writes the descriptor. */
export const startContainerStack = async (
  options: ContainerStackOptions,
): Promise<ContainerStack> => {
  const { directory, step, signal } = options;
  const ports = {
    LOCALSTACK_PORT: process.env.LOCALSTACK_PORT ?? String(await findFreePort()),
    EXTERNAL_SYSTEMS_PORT: process.env.EXTERNAL_SYSTEMS_PORT ?? String(await findFreePort()),
  };
  const endpoint = `http://127.0.0.1:${ports.LOCALSTACK_PORT}`;
  const external = externalUrls(`http://127.0.0.1:${ports.EXTERNAL_SYSTEMS_PORT}`);
  const compose = createDockerCompose(composition, ports);
  const stop = () => step('Stopping the containers', (report) => compose.down({ report }));

  try {
    await step('Starting LocalStack and the world outside', async (report) => {
      await compose.up({ report, signal });
      const addresses = [`${endpoint}/_localstack/health`, `${external.simulatorUrl}/charges`];
      for (const address of addresses) {
        if (await waitUntilReady(address, signal)) continue;
        throw new CliError(`${await compose.recentLogs()}\n\n${address} did not answer.`);
      }
    });

    const { simulatorUrl: pgUrl, sinks } = externalUrls(containerUrls.externalSystems);
    const { outputs } = await deploy({
      endpoint,
      context: { stage: 'local', api: 'none', endpoint: containerUrls.localstack, pgUrl, ...sinks },
      directory,
      step,
      signal,
    });

    const deployed = describeDeployment({ ...outputs, ApiId: 'none' }, endpoint);
    const stack: LocalStack = {
      ...deployed,
      ...localAccount,
      ...external,
      ...unusedUrls,
      endpoint,
      queues: withHostUrls(deployed.queues, endpoint),
    };
    writeStack(stack, join(directory, 'stack.json'));
    const waitForUnexpectedExit = async () => {
      await compose.waitUntilStopped('localstack', signal);
      return 'LocalStack stopped.';
    };

    return { stack, waitForUnexpectedExit, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The parts of the world outside, which is one server. */
const externalUrls = (url: string) => ({
  simulatorUrl: `${url}/simulator`,
  sinks: { dataPlatformUrl: `${url}/data-platform`, notificationsUrl: `${url}/notifications` },
});

/** LocalStack names a queue as containers reach it; the SDK would follow that name from this machine too. */
const withHostUrls = (queues: LocalStack['queues'], endpoint: string): LocalStack['queues'] => {
  const here = (url: string) => url.replace(containerUrls.localstack, endpoint);

  return Object.fromEntries(
    Object.entries(queues).map(([consumer, { url, deadLettersUrl }]) => [
      consumer,
      { url: here(url), deadLettersUrl: here(deadLettersUrl) },
    ]),
  );
};

const waitUntilReady = async (url: string, signal: AbortSignal): Promise<boolean> => {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return true;
    await delay(250, undefined, { signal });
  }

  return false;
};
