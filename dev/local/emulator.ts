import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import { pollUntil } from '../cli/poll-until.ts';
import { findFreePort, portInUseMessage } from './ports.ts';

export interface EmulatorOptions {
  /** A free port by default. */
  readonly port?: number | undefined;
  readonly logFile: string;
  /** Concurrent Lambda handlers, each a process of about 70 MB. Further invocations get 429. */
  readonly lambdaConcurrency: number;
}

/** The local AWS. It keeps everything in memory. */
export interface Emulator {
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves with a message if it stops by itself; never after `close`. */
  readonly unexpectedExit: Promise<string>;
  /** Ends all processes, including Lambda workers, and removes temporary files. */
  close(): Promise<void>;
}

const readinessPolling = { timeoutMs: 30_000, intervalMs: 50 };
const shutdownGraceMs = 5_000;

/**
 * The environment of MiniStack, which its Lambda workers inherit. The developer's own AWS configuration, proxies and
 * Node options must not reach them.
 */
const environment = (port: number, temporary: string, lambdaConcurrency: number) => ({
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  HOME: temporary,
  TMPDIR: temporary,
  LANG: 'C.UTF-8',
  PYTHONUNBUFFERED: '1',
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  // Enforces IAM, so that the demo and the tests check every permission.
  AUTH: 'true',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  LAMBDA_ACCOUNT_CONCURRENCY: String(lambdaConcurrency),
});

/** Starts the local AWS on 127.0.0.1 and waits until it is ready. */
export const startEmulator = async ({ port, ...options }: EmulatorOptions): Promise<Emulator> => {
  if (port === undefined) return startOnFreePort(options);

  const portProblem = await portInUseMessage(port);
  if (portProblem) throw new CliError(portProblem);
  return startOn(port, options);
};

/** Another process may take a free port before the start, so this retries with a new one. */
const startOnFreePort = async (
  options: Omit<EmulatorOptions, 'port'>,
  attemptsLeft = 3,
): Promise<Emulator> => {
  const port = await findFreePort();
  try {
    return await startOn(port, options);
  } catch (error) {
    if (attemptsLeft === 1 || !(error instanceof EmulatorStartError)) throw error;
    return startOnFreePort(options, attemptsLeft - 1);
  }
};

const startOn = async (port: number, options: Omit<EmulatorOptions, 'port'>): Promise<Emulator> => {
  const logName = relative(root, options.logFile);
  const temporary = mkdtempSync(join(tmpdir(), 'aftercommit-'));
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'w');
  const child = spawn(
    join(root, '.venv', 'bin', 'python'),
    [join(root, 'dev', 'local', 'emulator.py')],
    {
      env: environment(port, temporary, options.lambdaConcurrency),
      stdio: ['pipe', log, log],
      // A separate process group: Ctrl-C does not reach it, and one kill reaches all its workers.
      detached: true,
    },
  );
  closeSync(log);

  let stopping = false;
  const exited = exitReason(child);
  const unexpectedExit = new Promise<string>((resolve) => {
    exited.then((reason) => {
      if (stopping) return;
      cleanUp(child, temporary);
      resolve(`The local AWS stopped (${reason}); see ${logName} and run npm start again.`);
    });
  });
  const close = async () => {
    stopping = true;
    child.kill('SIGTERM');
    await Promise.race([exited, delay(shutdownGraceMs, undefined, { ref: false })]);
    cleanUp(child, temporary);
    await exited;
  };

  const endpoint = `http://127.0.0.1:${port}`;
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const isReady = await Promise.race([waitUntilReady(endpoint, isAlive), exited.then(() => false)]);
  if (isReady && child.pid !== undefined)
    return { endpoint, pid: child.pid, unexpectedExit, close };

  if (!isAlive()) {
    await close();
    throw new EmulatorStartError(`The local AWS did not start (${await exited}); see ${logName}.`);
  }
  await close();
  throw new CliError(
    `The local AWS was not ready within ${readinessPolling.timeoutMs / 1_000} s; see ${logName}.`,
  );
};

class EmulatorStartError extends CliError {}

const exitReason = async (child: ChildProcess): Promise<string> => {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal ? `killed by ${signal}` : `exit ${code}`;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Kills the rest of the process group and removes the temporary folder. */
const cleanUp = (child: ChildProcess, temporary: string) => {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process was left.
  }
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
};

/** Waits until MiniStack is ready. Returns false if it exits or is not ready in time. */
const waitUntilReady = (endpoint: string, isAlive: () => boolean): Promise<boolean> =>
  pollUntil(
    async () =>
      isAlive() &&
      (await fetch(`${endpoint}/_ministack/ready`).catch(() => undefined))?.ok === true,
    (isReady) => isReady || !isAlive(),
    readinessPolling,
  );
