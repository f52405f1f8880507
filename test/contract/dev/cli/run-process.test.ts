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

// Real processes: how long they take is the machine's matter.
describe('running a command', { timeout: 60_000 }, () => {
  it('gives its code and all that it said', async () => {
    expect(await shell('echo one; exit 3', never)).toEqual({ code: 3, lines: ['one'] });
    expect(await shell('echo two >&2', never)).toEqual({ code: 0, lines: ['two'] });
  });

  it('ends it with all that it started, and rejects with the reason', async () => {
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

  it('does not start when it is too late already', async () => {
    const signal = AbortSignal.abort(new Error('too late'));

    await expect(shell('echo never', signal)).rejects.toThrow('too late');
  });

  it('rejects when there is no such command', async () => {
    const options = { cwd: tmpdir(), env: {}, signal: never };

    await expect(runProcess('/no/such/command', [], options)).rejects.toThrow('ENOENT');
  });
});
