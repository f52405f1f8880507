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
  up(options: ComposeOptions): Promise<void>;
  /** Removes all containers, and the network unless Docker refuses to remove the empty network. */
  down(options?: ComposeOptions): Promise<void>;
  /** The last log lines of the containers. */
  recentLogs(): Promise<string>;
  /** Resolves when the container of a service has stopped. */
  waitUntilStopped(service: string, signal: AbortSignal): Promise<void>;
}

/** Creates Docker Compose for one file of this repository. `variables` override the environment. */
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
        // Docker may still count a container that was stopped while it started. The next run reuses the network.
        report?.(`Docker keeps the empty network ${network}.`);
      });
    },
    recentLogs: async () => (await compose(['logs', '--no-color', '--tail=20'])).join('\n'),
    // Following the logs ends when the container ends.
    waitUntilStopped: async (service, signal) =>
      void (await compose(['logs', '--follow', '--tail=0', service], { signal })),
  };
};

/** Attempts to remove remaining containers, and the delay between them. */
const maxRemovalAttempts = 20;
const removalDelayMs = 500;

const docker = (...args: string[]) =>
  runProcess('docker', args, { env: process.env, cwd: root, signal: new AbortController().signal });

const containersIn = async (network: string): Promise<readonly string[]> =>
  (await docker('ps', '-aq', '--filter', `network=${network}`)).lines.filter(Boolean);

/**
 * Removes every container in the network: those of the composition and those that LocalStack started and left behind.
 * Docker rejects the removal of a container that it is already removing, so this repeats until none is left.
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

/** `docker compose`, or the older `docker-compose`. */
const findComposeCommand = (): readonly [program: string, ...subcommand: string[]] => {
  if (!succeeds('docker', 'version')) {
    throw new CliError(
      'Docker is not running: install it or start it, then run the same command again.',
    );
  }
  if (succeeds('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (succeeds('docker-compose', 'version')) return ['docker-compose'];
  throw new CliError(
    'Docker Compose is missing: install its plugin, then run the same command again.',
  );
};
