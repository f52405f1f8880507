import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A program that a bench has started, and how much of the processors it has used. */
export interface Program {
  readonly pid: number;
  /** Seconds of processor time so far, of all its threads; NaN where the machine has no /proc. */
  cpuSeconds(): number;
  close(): Promise<void>;
}

const graceMs = 5_000;

const alive = new Set<ChildProcess>();

// However this process ends, nobody of its own outlives it.
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

const toProgram = (child: ChildProcess): Program => {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  const gone = once(child, 'exit');
  gone.catch(() => {});

  return {
    pid: child.pid ?? 0,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(killTimer);
    },
  };
};

const ticksPerSecond = 100;

/** Of a process that runs or has ended a moment ago. */
export const cpuSecondsOf = (pid: number | undefined): number => {
  try {
    // The name in brackets may hold anything; after it the 12th and 13th fields are the times in user and system mode.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];

    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
};

/** Starts a command; what it says goes to the log. */
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

/** A program of ours that answers messages. */
export interface ChildHost<Reply> extends Program {
  /** What it said when it was ready. */
  readonly ready: Reply;
  ask<Answer>(question: string): Promise<Answer>;
}

/** Starts one of our own programs with its settings and waits until it is ready. It ends when we do. */
export const startChildHost = async <Reply>(
  script: URL,
  settings: object,
  { logFile, env = process.env }: { readonly logFile: string; readonly env?: NodeJS.ProcessEnv },
): Promise<ChildHost<Reply>> => {
  const log = logTo(logFile);
  const child = fork(script, {
    env,
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'advanced',
  });
  closeSync(log);
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${script.pathname} ended with ${code}; see ${logFile}.`);
  });
  died.catch(() => {});
  const said = async () => (await Promise.race([once(child, 'message'), died]))[0];

  child.send(settings);
  const ready = (await said()) as Reply;

  return {
    ...toProgram(child),
    ready,
    async ask(question) {
      child.send(question);

      return said();
    },
  };
};

const logTo = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true });

  return openSync(file, 'a');
};
