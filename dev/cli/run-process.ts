import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ProcessResult {
  readonly code: number | null;
  /** Lines of both streams, in the order of their arrival. */
  readonly lines: readonly string[];
}

export interface RunProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly onLine?: (line: string) => void;
  /** Kills the command and its child processes; the run then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Runs a command until it exits. Returns its exit code and output. */
export const runProcess = async (
  file: string,
  args: readonly string[],
  { env, cwd, onLine, signal }: RunProcessOptions,
): Promise<ProcessResult> => {
  signal.throwIfAborted();
  // A separate process group: its children end with it, and a Ctrl-C reaches only this process.
  const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', end);

  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  try {
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    return { code, lines };
  } finally {
    signal.removeEventListener('abort', end);
  }
};
