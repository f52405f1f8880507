import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Advice } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import type { Say } from '../cli/progress.ts';
import { run } from '../cli/run-process.ts';

interface Wishes {
  readonly say?: Say;
  readonly signal?: AbortSignal;
}

export interface Compose {
  /** Starts every service of the file. */
  up(wishes: Wishes): Promise<void>;
  /** Leaves no container; and no network, unless Docker refuses to remove it although nothing is left in it. */
  down(wishes?: Wishes): Promise<void>;
  /** What the containers said last. */
  lastWords(): Promise<string>;
  /** Resolves when a service's container is no more. */
  ended(service: string, signal: AbortSignal): Promise<void>;
}

/** Docker Compose on one file of this repository, whose variables are taken from `variables` first. */
export const composeOf = (
  { file, network }: { readonly file: string; readonly network: string },
  variables: Readonly<Record<string, string>>,
): Compose => {
  const [program, ...subcommand] = composeCommand();
  const compose = async (args: readonly string[], { say, signal }: Wishes = {}) => {
    const { code, lines } = await run(program, [...subcommand, '-f', file, ...args], {
      env: { ...process.env, ...variables },
      cwd: root,
      signal: signal ?? new AbortController().signal,
      ...(say && { onLine: say }),
    });
    if (code === 0) return lines;
    throw new Advice(`${lines.join('\n')}\n\ndocker compose ${args[0]} failed.`);
  };

  return {
    up: async (wishes) => void (await compose(['up', '--detach'], wishes)),
    down: async ({ say } = {}) => {
      await compose(['stop']);
      await removeContainersIn(network);
      await compose(['down', '--volumes']).catch(async (error: unknown) => {
        if ((await containersIn(network)).length > 0) throw error;
        // Docker may count a container that was ended while it started. The next run uses the network again.
        say?.(`Docker keeps the network ${network}, in which no container is left.`);
      });
    },
    lastWords: async () => (await compose(['logs', '--no-color', '--tail=20'])).join('\n'),
    // Follows what it says for as long as there is somebody to say it.
    ended: async (service, signal) =>
      void (await compose(['logs', '--follow', '--tail=0', service], { signal })),
  };
};

/** How often what is left is removed, and how long one that Docker is still removing may take each time. */
const removals = 20;
const pauseMs = 500;

const docker = (...args: string[]) =>
  run('docker', args, { env: process.env, cwd: root, signal: new AbortController().signal });

const containersIn = async (network: string): Promise<readonly string[]> =>
  (await docker('ps', '-aq', '--filter', `network=${network}`)).lines.filter(Boolean);

/**
 * The composition's, and those that one of them started and, when it ended in a hurry, left behind. Docker refuses to remove one that it
 * is removing already, and a network that has one: so the list is read until it is empty.
 */
const removeContainersIn = async (network: string): Promise<void> => {
  let ids = await containersIn(network);
  for (let tried = 1; ids.length > 0 && tried <= removals; tried += 1) {
    await docker('rm', '--force', ...ids);
    ids = await containersIn(network);
    if (ids.length > 0) await delay(pauseMs);
  }
};

const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** Docker's own subcommand, or the program that it has replaced. */
const composeCommand = (): readonly [program: string, ...subcommand: string[]] => {
  if (!works('docker', 'version')) {
    throw new Advice(
      'Docker does not answer: install it or start it, then run the same command again.',
    );
  }
  if (works('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (works('docker-compose', 'version')) return ['docker-compose'];
  throw new Advice('Docker has no Compose: install its plugin, then run the same command again.');
};
