import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { root } from '../../../../dev/cli/paths.ts';

/** A process that cleans up after an interruption while its input is open. */
const program = `
  import { abortOnSignal } from './dev/cli/abort-on-signal.ts';

  const signal = abortOnSignal();
  signal.addEventListener('abort', () => console.log(signal.reason.message));
  process.stdin.on('end', () => console.log(signal.aborted ? 'clean' : 'never interrupted')).resume();
  console.log('ready');
`;

// A real process: its start time depends on the machine.
describe('abort on signal', { timeout: 60_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ignores a second %s, which npm and the terminal both send, and still ends in order',
    async (signal) => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        cwd: root,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const next = async () => (await lines.next()).value;
      expect(await next()).toBe('ready');

      child.kill(signal);
      expect(await next()).toBe(`Stopped by ${signal}.`);
      child.kill(signal);
      child.stdin.end();

      expect(await next()).toBe('clean');
      expect(await ended).toEqual([0, null]);
    },
  );
});
