import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runProcess } from '../../../../dev/cli/run-process.ts';
import { eventually } from '../../../support/eventually.ts';

const shell = (script: string, signal: AbortSignal, onLine: (line: string) => void = () => {}) =>
  runProcess('/bin/sh', ['-c', script], { cwd: tmpdir(), env: process.env, signal, onLine });

const never = new AbortController().signal;

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

// Real processes: their duration depends on the machine.
describe('run process', { timeout: 60_000 }, () => {
  it('returns the exit code and all output', async () => {
    expect(await shell('echo one; exit 3', never)).toEqual({ code: 3, lines: ['one'] });
    expect(await shell('echo two >&2', never)).toEqual({ code: 0, lines: ['two'] });
  });

  it('kills it with its children on abort, and rejects with the reason', async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const running = shell('sleep 600 & echo $!; echo $$; wait', controller.signal, (line) =>
      pids.push(Number(line)),
    );
    await eventually(async () => expect(pids).toHaveLength(2));

    controller.abort(new Error('the local AWS stopped'));

    await expect(running).rejects.toThrow('the local AWS stopped');
    await eventually(async () => expect(pids.filter(isAlive)).toEqual([]));
  });

  it('does not start if the signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('too late'));

    await expect(shell('echo never', signal)).rejects.toThrow('too late');
  });

  it('rejects if the command does not exist', async () => {
    const options = { cwd: tmpdir(), env: {}, signal: never };

    await expect(runProcess('/no/such/command', [], options)).rejects.toThrow('ENOENT');
  });
});
