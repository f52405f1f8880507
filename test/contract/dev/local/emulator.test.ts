import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmulator } from '../../../../dev/local/emulator.ts';
import { portInUseMessage } from '../../../../dev/local/ports.ts';
import { eventually } from '../../../support/eventually.ts';

let directory: string;
/** Parent of the emulator's temporary folder. */
let temporary: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emulator-'));
  temporary = join(directory, 'tmp');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const start = () =>
  startEmulator({ logFile: join(directory, 'emulator.log'), lambdaConcurrency: 1 });

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const expectNothingLeft = (pid: number) =>
  eventually(async () => {
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });

// Real processes: their duration depends on the machine.
describe('the local AWS', { timeout: 60_000 }, () => {
  it('answers after the start and leaves nothing after close', async () => {
    const { endpoint, pid, close } = await start();

    const answer = await fetch(`${endpoint}/_ministack/health`);
    expect(await answer.json()).toMatchObject({ auth: 'enabled' });
    await close();

    await expectNothingLeft(pid);
    expect(await portInUseMessage(Number(new URL(endpoint).port))).toBeUndefined();
  });

  it('reports in one sentence when it stops by itself', async () => {
    const { pid, unexpectedExit } = await start();

    process.kill(pid, 'SIGKILL');

    expect(await unexpectedExit).toMatch(
      /^The local AWS stopped \(killed by SIGKILL\); see .*emulator.log and run npm start again.$/,
    );
    await expectNothingLeft(pid);
  });

  it('ends with its parent process, even if that is killed', async () => {
    const parent = join(directory, 'parent.mjs');
    const emulator = join(import.meta.dirname, '../../../../dev/local/emulator.ts');
    const options = { logFile: join(directory, 'emulator.log'), lambdaConcurrency: 1 };
    writeFileSync(
      parent,
      `import { startEmulator } from ${JSON.stringify(emulator)};
       const { pid } = await startEmulator(${JSON.stringify(options)});
       console.log(pid);`,
    );
    const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('It did not start.')));
    const [pid] = await Promise.race([once(lines, 'line'), ended]);
    expect(isAlive(Number(pid))).toBe(true);

    child.kill('SIGKILL');

    await expectNothingLeft(Number(pid));
  });

  it('rejects a port in use and leaves nothing', async () => {
    const first = await start();
    const port = Number(new URL(first.endpoint).port);
    const logFile = join(directory, 'second.log');

    await expect(startEmulator({ port, logFile, lambdaConcurrency: 1 })).rejects.toThrow(
      `Port ${port} is in use`,
    );
    await first.close();

    expect(existsSync(logFile)).toBe(false);
    await expectNothingLeft(first.pid);
  });
});
