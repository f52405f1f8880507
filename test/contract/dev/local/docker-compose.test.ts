import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDockerCompose } from '../../../../dev/local/docker-compose.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aftercommit-compose-'));
  vi.stubEnv('PATH', [folder, '/usr/bin', '/bin'].join(delimiter));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program that records its call and then runs the script. */
const program = (name: string, script: string) => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
  chmodSync(file, 0o755);
};

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

const compose = () =>
  createDockerCompose({ file: 'localstack.yml', network: 'aftercommit' }, { PORT: '1' });

describe('docker compose', () => {
  it('throws if Docker is not running', () => {
    program('docker', 'exit 1');

    expect(compose).toThrow('Docker is not running');
  });

  it('throws if Docker Compose is missing', () => {
    program('docker', '[ "$1" != compose ]');
    program('docker-compose', 'exit 1');

    expect(compose).toThrow('Docker Compose is missing');
  });

  it('uses docker-compose if Docker has no subcommand', async () => {
    program('docker', '[ "$1" != compose ]');
    program('docker-compose', 'echo "port $PORT"');
    const reported: string[] = [];

    await compose().up({ report: (line) => reported.push(line) });

    expect(calls().at(-1)).toBe('docker-compose -f localstack.yml up --detach');
    expect(reported).toEqual(['port 1']);
  });

  it('throws with the output of a failed command', async () => {
    program('docker', '[ "$4" != up ] || { echo no such image; exit 1; }');

    await expect(compose().up({})).rejects.toThrow('no such image');
  });

  /** Docker with two containers in the network; each removal removes one. */
  const withTwoLeft = () => {
    writeFileSync(join(folder, 'left'), 'a\nb\n');
    program(
      'docker',
      `[ "$1" != ps ] || cat "${folder}/left"; [ "$1" != rm ] || sed -i 1d "${folder}/left"`,
    );
  };

  it('removes remaining containers before it removes the network', async () => {
    withTwoLeft();

    await compose().down();

    const listed = 'docker ps -aq --filter network=aftercommit';
    expect(calls().slice(-7)).toEqual([
      'docker compose -f localstack.yml stop',
      listed,
      'docker rm --force a b',
      // Docker was still removing the other one.
      listed,
      'docker rm --force b',
      listed,
      'docker compose -f localstack.yml down --volumes',
    ]);
  });

  it('reports an empty network that Docker keeps, without failing', async () => {
    program('docker', '[ "$4" != down ] || { echo has active endpoints; exit 1; }');
    const reported: string[] = [];

    await compose().down({ report: (line) => reported.push(line) });

    expect(reported).toEqual(['Docker keeps the empty network aftercommit.']);
  });

  it('fails if a container is left', async () => {
    withTwoLeft();
    program(
      'docker',
      `[ "$4" != down ] || { echo has active endpoints; echo c > "${folder}/left"; exit 1; }
      [ "$1" != ps ] || cat "${folder}/left"; [ "$1" != rm ] || sed -i 1d "${folder}/left"`,
    );

    await expect(compose().down()).rejects.toThrow('has active endpoints');
  });
});
