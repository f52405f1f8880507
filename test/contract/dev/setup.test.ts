import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A clone with nothing installed, on a machine that has only the given commands. */
let clone: string;
const machine = () => join(clone, 'machine');

const command = (name: string, script: string) => {
  const path = join(machine(), name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

/** An npm that installs a working Node, and records its call. */
const workingNpm = `echo npm >> calls; mkdir -p node_modules/.bin; printf '#!/bin/sh\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node`;

/** A python3 that creates an empty .venv whose pip runs the given script. */
const pythonWhosePip = (pip: string) =>
  `case "$1" in -c) echo 3.11.2;; *) echo venv >> calls; rm -rf .venv; mkdir -p .venv/bin; printf '#!/bin/sh\\n${pip}\\n' > .venv/bin/python; chmod +x .venv/bin/python;; esac`;

const setup = (...only: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join('dev', 'setup.mjs'), ...only],
    { cwd: clone, encoding: 'utf8', env: { PATH: `${machine()}:/usr/bin:/bin` } },
  );
  return { status, stdout, sentences: stderr.trim().split('\n') };
};

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'setup-'));
  mkdirSync(machine());
  for (const file of [
    'dev/setup.mjs',
    'dev/requirements.txt',
    'dev/requirements-linter.txt',
    'package-lock.json',
  ]) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(repository, file), join(clone, file));
  }
});

afterEach(() => rmSync(clone, { recursive: true }));

// Real processes: their duration depends on the machine.
describe('setup on a fresh clone', { timeout: 60_000 }, () => {
  it('installs npm packages and Python once, and again only what changed', () => {
    command('npm', workingNpm);
    command('python3', pythonWhosePip('exit 0'));
    const calls = () => spawnSync('cat', ['calls'], { cwd: clone, encoding: 'utf8' }).stdout;

    expect(setup()).toMatchObject({ status: 0 });
    expect(setup()).toMatchObject({ status: 0, stdout: '' });
    writeFileSync(join(clone, 'package-lock.json'), '{}');
    expect(setup()).toMatchObject({ status: 0 });

    expect(calls()).toBe('npm\nvenv\nnpm\n');
  });

  it('needs no Python if only the packages are installed', () => {
    command('npm', workingNpm);
    command('python3', 'exit 127');

    expect(setup('packages')).toMatchObject({ status: 0 });

    expect(existsSync(join(clone, 'node_modules', '.installed'))).toBe(true);
    expect(existsSync(join(clone, '.venv'))).toBe(false);
  });

  it('installs cfn-lint alone, or beside the local AWS in the same virtual environment', () => {
    command('npm', workingNpm);
    command('python3', pythonWhosePip('echo "$@" >> pip'));
    const installed = () =>
      [...readFileSync(join(clone, 'pip'), 'utf8').matchAll(/-r (\S+)/g)].map(([, file]) => file);
    const calls = () => readFileSync(join(clone, 'calls'), 'utf8');

    expect(setup('linter')).toMatchObject({ status: 0 });
    expect(installed()).toEqual(['dev/requirements-linter.txt']);
    expect(setup('linter')).toMatchObject({ status: 0, stdout: '' });
    expect(setup('local-aws', 'linter')).toMatchObject({ status: 0 });

    expect(installed()).toEqual([
      'dev/requirements-linter.txt',
      'dev/requirements.txt',
      'dev/requirements-linter.txt',
    ]);
    expect(calls()).toBe('npm\nvenv\nvenv\n');
  });

  it('retries an installation that failed half-way', () => {
    command('npm', workingNpm);
    command('python3', pythonWhosePip('exit 1'));

    expect(setup()).toMatchObject({ status: 1 });
    command('python3', pythonWhosePip('exit 0'));
    expect(setup()).toMatchObject({ status: 0 });

    expect(existsSync(join(clone, '.venv', '.installed'))).toBe(true);
  });

  it('reports that it was stopped, not that npm failed', async () => {
    command('npm', 'trap "exit 130" INT; touch busy; while true; do sleep 0.1; done');
    const running = spawn(process.execPath, [join('dev', 'setup.mjs')], {
      cwd: clone,
      env: { PATH: `${machine()}:/usr/bin:/bin` },
    });
    const output = text(running.stderr);
    await eventually(async () => expect(existsSync(join(clone, 'busy'))).toBe(true));

    running.kill('SIGINT');

    expect(await output).toBe('Stopped by SIGINT; run the same command again to continue.\n');
  });

  it.each([
    {
      trouble: 'npm has no network',
      npm: 'echo npm error code ENOTFOUND; exit 1',
      python: '',
      sentence: /^npm could not reach its registry: connect to the network/,
    },
    {
      trouble: 'npm fails otherwise',
      npm: 'exit 1',
      python: '',
      sentence: /^npm ci failed: read the end of .local\/setup.log/,
    },
    {
      trouble: 'npm skips install scripts',
      npm: 'mkdir -p node_modules/.bin',
      python: '',
      sentence: /^Node 24 was not installed .*run npm ci --ignore-scripts=false/,
    },
    {
      trouble: 'Python is missing',
      npm: workingNpm,
      python: 'exit 127',
      sentence: /^python3 is not on PATH: install Python 3.10 or newer/,
    },
    {
      trouble: 'Python is too old',
      npm: workingNpm,
      python: 'echo 3.9.1',
      sentence: /^Python 3.9.1 is too old: install Python 3.10 or newer/,
    },
    {
      trouble: 'Python has no venv',
      npm: workingNpm,
      python: 'case "$1" in -c) echo 3.11.2;; *) exit 1;; esac',
      sentence: /^Python 3.11.2 cannot create a virtual environment: .*apt install python3.11-venv/,
    },
    {
      trouble: 'pip has no network',
      npm: workingNpm,
      python: pythonWhosePip('echo NewConnectionError; exit 1'),
      sentence: /^pip could not reach its index: connect to the network/,
    },
  ])('explains in one sentence what to do if $trouble', ({ npm, python, sentence }) => {
    command('npm', npm);
    for (const name of ['python3', ...[10, 11, 12, 13, 14].map((minor) => `python3.${minor}`)]) {
      command(name, python);
    }

    const { status, sentences } = setup();

    expect(status).toBe(1);
    expect(sentences).toEqual([expect.stringMatching(sentence)]);
  });
});

it('runs before every script of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  // `check` runs two other scripts.
  const own = Object.keys(scripts).filter((name) => !name.startsWith('pre') && name !== 'check');

  expect(own).toContain('start');
  for (const name of own) expect(scripts[`pre${name}`], name).toMatch(/^node dev\/setup\.mjs\b/);
});
