import { join } from 'node:path';

import { CliError } from '../cli/cli-error.ts';
import { pollUntil } from '../cli/poll-until.ts';
import type { Progress } from '../cli/progress.ts';
import { localAccount } from './aws.ts';
import { deploy } from './deploy.ts';
import { createDockerCompose } from './docker-compose.ts';
import { describeDeployment } from './outputs.ts';
import { findFreePort } from './ports.ts';
import { type LocalStack, writeStack } from './stack-descriptor.ts';

export interface ContainerStackOptions {
  /** Directory for the descriptor (`stack.json`), the logs and the assembly. */
  readonly directory: string;
  readonly step: Progress;
  /** Aborts the start; everything that was started is stopped. */
  readonly signal: AbortSignal;
}

export interface ContainerStack {
  readonly stack: LocalStack;
  /** Resolves with a message if LocalStack stops by itself. */
  waitForUnexpectedExit(): Promise<string>;
  /** Removes all containers. */
  stop(): Promise<void>;
}

const composition = { file: 'localstack.yml', network: 'aftercommit' };
const readinessPolling = { timeoutMs: 120_000, intervalMs: 250 };

/** URLs that the containers use for each other. */
const containerUrls = {
  localstack: 'http://localstack-main:4566',
  externalSystems: 'http://external-systems:4570',
};

// The free edition of LocalStack has no HTTP API and therefore no issuer; these URLs are never called.
const unusedUrls = {
  apiUrl: 'http://api.invalid',
  issuer: 'http://issuer.invalid',
  tokenUrl: 'http://issuer.invalid/token',
};

/** Starts LocalStack and the external systems in containers, deploys the CDK app without its HTTP API, and writes the descriptor. */
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
    await step('Starting LocalStack and the external systems', async (report) => {
      await compose.up({ report, signal });
      const addresses = [`${endpoint}/_localstack/health`, `${external.simulatorUrl}/charges`];
      for (const address of addresses) {
        if (await isReady(address, signal)) continue;
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

/** URLs of the external systems, which share one server. */
const externalUrls = (url: string) => ({
  simulatorUrl: `${url}/simulator`,
  sinks: { dataPlatformUrl: `${url}/data-platform`, notificationsUrl: `${url}/notifications` },
});

/** Replaces the host of queue URLs: LocalStack returns the one of its container, which this machine cannot reach. */
const withHostUrls = (queues: LocalStack['queues'], endpoint: string): LocalStack['queues'] => {
  const toHost = (url: string) => url.replace(containerUrls.localstack, endpoint);

  return Object.fromEntries(
    Object.entries(queues).map(([consumer, { url, deadLettersUrl }]) => [
      consumer,
      { url: toHost(url), deadLettersUrl: toHost(deadLettersUrl) },
    ]),
  );
};

/** Waits until the URL answers. Returns false if it does not answer in time. */
const isReady = (url: string, signal: AbortSignal): Promise<boolean> =>
  pollUntil(
    () =>
      fetch(url, { signal }).then(
        ({ ok }) => ok,
        () => false,
      ),
    (ok) => ok,
    { ...readinessPolling, signal },
  );
