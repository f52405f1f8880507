import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A program that a bench has started, and its processor time. */
export interface Program {
  readonly pid: number;
  /** Seconds of processor time of all threads so far; NaN on a machine without /proc. */
  cpuSeconds(): number;
  close(): Promise<void>;
}

const graceMs = 5_000;

const alive = new Set<ChildProcess>();

// No child process outlives this one, however it ends.
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

const toProgram = (child: ChildProcess): Program => {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  const exited = once(child, 'exit');
  exited.catch(() => {});

  return {
    pid: child.pid ?? 0,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killTimer);
    },
  };
};

const ticksPerSecond = 100;

/** The processor time of a process that runs or has just ended. */
export const cpuSecondsOf = (pid: number | undefined): number => {
  try {
    // The name in parentheses may contain anything. After it, fields 12 and 13 are the user and system times.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];

    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
};

/** Starts a command; its output goes to the log. */
export const startCommand = (
  file: string,
  args: readonly string[],
  { logFile, env = process.env }: { readonly logFile: string; readonly env?: NodeJS.ProcessEnv },
): Program => {
  const log = logTo(logFile);
  const child = spawn(file, args, { env, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', (error) => console.error(`${file}: ${error.message}`));

  return toProgram(child);
};

/** A program of the bench that answers messages. */
export interface ChildHost<Reply> extends Program {
  /** The message that it sent when it was ready. */
  readonly ready: Reply;
  /** Sends a message and resolves with the answer to it. */
  request<Answer>(message: string): Promise<Answer>;
}

interface ChildHostOptions {
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A command that starts another with less priority, such as `nice`. All threads of the program inherit it. */
  readonly launcher?: readonly [string, ...string[]];
}

/** Starts a program of the bench with its settings and waits until it is ready. It ends with this process. */
export const startChildHost = async <Reply>(
  script: URL,
  settings: object,
  { logFile, env = process.env, launcher }: ChildHostOptions,
): Promise<ChildHost<Reply>> => {
  const log = logTo(logFile);
  const [execPath, ...execArgv] = [...(launcher ?? []), process.execPath];
  const child = fork(script, {
    execPath,
    execArgv,
    env,
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'advanced',
  });
  closeSync(log);
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${script.pathname} ended with ${code}; see ${logFile}.`);
  });
  died.catch(() => {});
  const nextMessage = async () => (await Promise.race([once(child, 'message'), died]))[0];

  child.send(settings);
  const ready = (await nextMessage()) as Reply;

  return {
    ...toProgram(child),
    ready,
    async request(message) {
      child.send(message);

      return nextMessage();
    },
  };
};

const logTo = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true });

  return openSync(file, 'a');
};
