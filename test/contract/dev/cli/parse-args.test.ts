import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};
/** Scripts that run a program of this repository, with its file. */
const programs = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /^(?:exec )?node ((?:dev|test)\/\S+\.ts)$/.exec(script) ?? [];

  return file ? [[name, file] as const] : [];
});

describe('npm run', () => {
  it.each(programs)('%s -- --help prints the usage and does nothing else', (_name, file) => {
    for (const flags of [['--help'], ['-h'], ['payment', 'pay_1', '--help']]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...flags], {
        encoding: 'utf8',
      });

      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).toMatch(/npm (?:run|start)/);
    }
  });

  it('covers the programs', () => {
    expect(programs.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'start',
        'ops',
        'seed',
        'token',
        'reconcile',
        'game-day',
        'bench',
        'cost',
      ]),
    );
  });
});
