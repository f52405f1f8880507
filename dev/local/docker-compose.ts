import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import type { ReportProgress } from '../cli/progress.ts';
import { runProcess } from '../cli/run-process.ts';

interface ComposeOptions {
  readonly report?: ReportProgress;
  readonly signal?: AbortSignal;
}

export interface DockerCompose {
  /** Starts every service of the file. */
  up(wishes: ComposeOptions): Promise<void>;
  /** Leaves no container; and no network, unless Docker refuses to remove it although nothing is left in it. */
  down(wishes?: ComposeOptions): Promise<void>;
  /** What the containers said last. */
  recentLogs(): Promise<string>;
  /** Resolves when a service's container is no more. */
  waitUntilStopped(service: string, signal: AbortSignal): Promise<void>;
}

/** Docker Compose on one file of this repository, whose variables are taken from `variables` first. */
export const createDockerCompose = (
  { file, network }: { readonly file: string; readonly network: string },
  variables: Readonly<Record<string, string>>,
): DockerCompose => {
  const [program, ...subcommand] = findComposeCommand();
  const compose = async (args: readonly string[], { report, signal }: ComposeOptions = {}) => {
    const { code, lines } = await runProcess(program, [...subcommand, '-f', file, ...args], {
      env: { ...process.env, ...variables },
      cwd: root,
      signal: signal ?? new AbortController().signal,
      ...(report && { onLine: report }),
    });
    if (code === 0) return lines;
    throw new CliError(`${lines.join('\n')}\n\ndocker compose ${args[0]} failed.`);
  };

  return {
    up: async (options) => void (await compose(['up', '--detach'], options)),
    down: async ({ report } = {}) => {
      await compose(['stop']);
      await removeContainersIn(network);
      await compose(['down', '--volumes']).catch(async (error: unknown) => {
        if ((await containersIn(network)).length > 0) throw error;
        // Docker may count a container that was ended while it started. The next run uses the network again.
        report?.(`Docker keeps the network ${network}, in which no container is left.`);
      });
    },
    recentLogs: async () => (await compose(['logs', '--no-color', '--tail=20'])).join('\n'),
    // Follows what it says for as long as there is somebody to say it.
    waitUntilStopped: async (service, signal) =>
      void (await compose(['logs', '--follow', '--tail=0', service], { signal })),
  };
};

/** How often what is left is removed, and how long one that Docker is still removing may take each time. */
const maxRemovalAttempts = 20;
const removalDelayMs = 500;

const docker = (...args: string[]) =>
  runProcess('docker', args, { env: process.env, cwd: root, signal: new AbortController().signal });

const containersIn = async (network: string): Promise<readonly string[]> =>
  (await docker('ps', '-aq', '--filter', `network=${network}`)).lines.filter(Boolean);

/**
 * The composition's, and those that one of them started and, when it ended in a hurry, left behind. Docker refuses to remove one that it
 * is removing already, and a network that has one: so the list is read until it is empty.
 */
const removeContainersIn = async (network: string): Promise<void> => {
  let ids = await containersIn(network);
  for (let attempt = 1; ids.length > 0 && attempt <= maxRemovalAttempts; attempt += 1) {
    await docker('rm', '--force', ...ids);
    ids = await containersIn(network);
    if (ids.length > 0) await delay(removalDelayMs);
  }
};

const succeeds = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** Docker's own subcommand, or the program that it has replaced. */
const findComposeCommand = (): readonly [program: string, ...subcommand: string[]] => {
  if (!succeeds('docker', 'version')) {
    throw new CliError(
      'Docker does not answer: install it or start it, then run the same command again.',
    );
  }
  if (succeeds('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (succeeds('docker-compose', 'version')) return ['docker-compose'];
  throw new CliError('Docker has no Compose: install its plugin, then run the same command again.');
};
