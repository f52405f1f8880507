import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.ts';
import { root } from '../cli/paths.ts';
import { findFreePort, portInUseMessage } from './ports.ts';

export interface EmulatorOptions {
  /** A free one unless given. */
  readonly port?: number | undefined;
  readonly logFile: string;
  /** How many Lambda handlers run at once; each is a process of some 70 MB. Beyond it: 429. */
  readonly lambdaConcurrency: number;
}

/** The local AWS: everything in memory, gone when it stops. */
export interface Emulator {
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves with a sentence if it stops by itself; never after `close`. */
  readonly unexpectedExit: Promise<string>;
  /** Leaves no process, Lambda workers included, and no temporary file. */
  close(): Promise<void>;
}

const readyWithinMs = 30_000;
const shutdownGraceMs = 5_000;

/**
 * Only what MiniStack and its Lambda workers need: the workers inherit it all, and nothing of the
 * developer's own AWS configuration, proxies or Node options may reach them.
 */
const environment = (port: number, temporary: string, lambdaConcurrency: number) => ({
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  HOME: temporary,
  TMPDIR: temporary,
  LANG: 'C.UTF-8',
  PYTHONUNBUFFERED: '1',
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  // Enforces IAM, so that the demo and the tests prove each grant.
  AUTH: 'true',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  LAMBDA_ACCOUNT_CONCURRENCY: String(lambdaConcurrency),
});

/** Starts the local AWS on 127.0.0.1 and waits until it answers. */
export const startEmulator = async ({ port, ...options }: EmulatorOptions): Promise<Emulator> => {
  if (port === undefined) return startOnFreePort(options);

  const taken = await portInUseMessage(port);
  if (taken) throw new CliError(taken);
  return startOn(port, options);
};

/** A port that was free a moment ago may be taken by now: then another one. */
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
      // A process group of its own: Ctrl-C reaches only us, and one kill reaches all its workers.
      detached: true,
    },
  );
  closeSync(log);

  let stopping = false;
  const exited = exitReason(child);
  const unexpectedExit = new Promise<string>((resolve) => {
    exited.then((how) => {
      if (stopping) return;
      cleanUp(child, temporary);
      resolve(`The local AWS stopped (${how}); see ${logName} and run npm start again.`);
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
  throw new CliError(`The local AWS did not answer in ${readyWithinMs / 1_000} s; see ${logName}.`);
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

/** Whoever of the group is left, and what they leave behind. */
const cleanUp = (child: ChildProcess, temporary: string) => {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody was left.
  }
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
};

/** False when it ended, or never answered in time. */
const waitUntilReady = async (endpoint: string, isAlive: () => boolean): Promise<boolean> => {
  const deadline = Date.now() + readyWithinMs;
  while (isAlive() && Date.now() < deadline) {
    const answer = await fetch(`${endpoint}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok) return true;
    await delay(50);
  }
  return false;
};
