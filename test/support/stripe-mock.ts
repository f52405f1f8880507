import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
const ownBin = join(root, '.local', 'bin');

/** Path of stripe-mock: from PATH, from Go's folder, or installed by Go into .local; otherwise the reason why it is missing. */
export const findStripeMock = (): { readonly path: string } | { readonly missing: string } => {
  const go = (...args: string[]) =>
    spawnSync('go', args, { encoding: 'utf8', env: { ...process.env, GOBIN: ownBin } });
  const goPath = go('env', 'GOPATH');
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(goPath.status === 0 ? [join(goPath.stdout.trim(), 'bin')] : []),
    ownBin,
  ];
  const existing = () =>
    folders.map((folder) => join(folder, 'stripe-mock')).find((path) => existsSync(path));

  const found = existing();
  if (found) return { path: found };
  if (goPath.status !== 0) {
    return { missing: 'Go is not installed: the tests against stripe-mock are left out.' };
  }

  const installed = go('install', 'github.com/stripe/stripe-mock@latest');
  const path = existing();
  if (installed.status === 0 && path) return { path };

  const reason = installed.stderr.trim().split('\n').at(-1);

  return {
    missing: `Go could not install stripe-mock: the tests against it are left out (${reason}).`,
  };
};

/** Starts stripe-mock on a free port. It keeps no state and rejects requests that violate Stripe's OpenAPI description. */
export const startStripeMock = async (
  path: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const anyPort = '127.0.0.1:0';
  const child = spawn(path, ['-http-addr', anyPort, '-https-addr', anyPort], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

  return { url: `http://${await waitForAddress(child)}`, stop: () => stopProcess(child) };
};

const waitForAddress = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`stripe-mock ended with ${code}.`)));
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      const address = /HTTP at address: (\S+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });

const stopProcess = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
