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

/** A program that writes down how it was called and then does as the script says. */
const program = (name: string, script: string) => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
  chmodSync(file, 0o755);
};

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

const compose = () =>
  createDockerCompose({ file: 'localstack.yml', network: 'aftercommit' }, { PORT: '1' });

describe('docker compose', () => {
  it('is asked for where Docker does not answer', () => {
    program('docker', 'exit 1');

    expect(compose).toThrow('Docker does not answer');
  });

  it('is asked for where Docker has none', () => {
    program('docker', '[ "$1" != compose ]');
    program('docker-compose', 'exit 1');

    expect(compose).toThrow('Docker has no Compose');
  });

  it('is the older program where Docker has none of its own', async () => {
    program('docker', '[ "$1" != compose ]');
    program('docker-compose', 'echo "port $PORT"');
    const said: string[] = [];

    await compose().up({ report: (line) => said.push(line) });

    expect(calls().at(-1)).toBe('docker-compose -f localstack.yml up --detach');
    expect(said).toEqual(['port 1']);
  });

  it('says what it was told when it fails', async () => {
    program('docker', '[ "$4" != up ] || { echo no such image; exit 1; }');

    await expect(compose().up({})).rejects.toThrow('no such image');
  });

  /** Docker with two containers in the network, of which each removal takes one. */
  const withTwoLeft = () => {
    writeFileSync(join(folder, 'left'), 'a\nb\n');
    program(
      'docker',
      `[ "$1" != ps ] || cat "${folder}/left"; [ "$1" != rm ] || sed -i 1d "${folder}/left"`,
    );
  };

  it('takes away whoever is left in the network before it takes the network away', async () => {
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

  it('does not fail for a network that Docker keeps although nothing is left in it', async () => {
    program('docker', '[ "$4" != down ] || { echo has active endpoints; exit 1; }');
    const said: string[] = [];

    await compose().down({ report: (line) => said.push(line) });

    expect(said).toEqual(['Docker keeps the network aftercommit, in which no container is left.']);
  });

  it('fails where a container is left', async () => {
    withTwoLeft();
    program(
      'docker',
      `[ "$4" != down ] || { echo has active endpoints; echo c > "${folder}/left"; exit 1; }
      [ "$1" != ps ] || cat "${folder}/left"; [ "$1" != rm ] || sed -i 1d "${folder}/left"`,
    );

    await expect(compose().down()).rejects.toThrow('has active endpoints');
  });
});
