import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Advice } from '../cli/cli-error.ts';
import type { Step } from '../cli/progress.ts';
import { localAccount } from './aws.ts';
import { deploy } from './deploy.ts';
import { composeOf } from './docker-compose.ts';
import { deployedPart } from './outputs.ts';
import { freePort } from './ports.ts';
import { type LocalStack, writeStack } from './stack-descriptor.ts';

export interface ContainedStackOptions {
  /** For the descriptor (`stack.json`), the logs and the assembly. */
  readonly directory: string;
  readonly step: Step;
  /** Gives up the start; what was started until then is stopped. */
  readonly signal: AbortSignal;
}

export interface ContainedStack {
  readonly stack: LocalStack;
  /** Resolves with a sentence if LocalStack stops by itself. */
  died(): Promise<string>;
  /** Leaves no container. */
  stop(): Promise<void>;
}

const composition = { file: 'localstack.yml', network: 'aftercommit' };
const readyWithinMs = 120_000;

/** How the containers of the composition reach each other. */
const inside = {
  localstack: 'http://localstack-main:4566',
  outsideWorld: 'http://outside-world:4570',
};

// The open edition of LocalStack has no HTTP API, and so none that asks an issuer: nobody ever calls these.
const nowhere = {
  apiUrl: 'http://api.invalid',
  issuer: 'http://issuer.invalid',
  tokenUrl: 'http://issuer.invalid/token',
};

/** Starts LocalStack and the world outside in containers, deploys the CDK app without its HTTP API, writes the descriptor. */
export const startContainedStack = async (
  options: ContainedStackOptions,
): Promise<ContainedStack> => {
  const { directory, step, signal } = options;
  const ports = {
    LOCALSTACK_PORT: process.env.LOCALSTACK_PORT ?? String(await freePort()),
    OUTSIDE_WORLD_PORT: process.env.OUTSIDE_WORLD_PORT ?? String(await freePort()),
  };
  const endpoint = `http://127.0.0.1:${ports.LOCALSTACK_PORT}`;
  const outside = sidesOf(`http://127.0.0.1:${ports.OUTSIDE_WORLD_PORT}`);
  const compose = composeOf(composition, ports);
  const stop = () => step('Stopping the containers', (say) => compose.down({ say }));

  try {
    await step('Starting LocalStack and the world outside', async (say) => {
      await compose.up({ say, signal });
      const addresses = [`${endpoint}/_localstack/health`, `${outside.simulatorUrl}/charges`];
      for (const address of addresses) {
        if (await answers(address, signal)) continue;
        throw new Advice(`${await compose.lastWords()}\n\n${address} did not answer.`);
      }
    });

    const { simulatorUrl: pgUrl, sinks } = sidesOf(inside.outsideWorld);
    const { outputs } = await deploy({
      endpoint,
      context: { stage: 'local', api: 'none', endpoint: inside.localstack, pgUrl, ...sinks },
      directory,
      step,
      signal,
    });

    const deployed = deployedPart({ ...outputs, ApiId: 'none' }, endpoint);
    const stack: LocalStack = {
      ...deployed,
      ...localAccount,
      ...outside,
      ...nowhere,
      endpoint,
      queues: reachable(deployed.queues, endpoint),
    };
    writeStack(stack, join(directory, 'stack.json'));
    const died = async () => {
      await compose.ended('localstack', signal);
      return 'LocalStack stopped.';
    };

    return { stack, died, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The parts of the world outside, which is one server. */
const sidesOf = (url: string) => ({
  simulatorUrl: `${url}/simulator`,
  sinks: { dataPlatformUrl: `${url}/data-platform`, notificationsUrl: `${url}/notifications` },
});

/** LocalStack names a queue as containers reach it; the SDK would follow that name from this machine too. */
const reachable = (queues: LocalStack['queues'], endpoint: string): LocalStack['queues'] => {
  const here = (url: string) => url.replace(inside.localstack, endpoint);

  return Object.fromEntries(
    Object.entries(queues).map(([consumer, { url, deadLettersUrl }]) => [
      consumer,
      { url: here(url), deadLettersUrl: here(deadLettersUrl) },
    ]),
  );
};

const answers = async (url: string, signal: AbortSignal): Promise<boolean> => {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return true;
    await delay(250, undefined, { signal });
  }

  return false;
};
