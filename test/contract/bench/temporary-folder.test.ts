import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../bench/temporary-folder.ts';

const file = join(import.meta.dirname, '../../bench/temporary-folder.ts');

it('removes the folder when its process ends, also by a signal', () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { temporaryFolder } from ${JSON.stringify(file)};
       console.log(temporaryFolder('test').folder);
       process.once('SIGINT', () => process.exit(1));
       process.kill(process.pid, 'SIGINT');
       setInterval(() => {}, 1_000);`,
    ],
    { encoding: 'utf8' },
  );
  const folder = stdout.trim();

  expect(folder).toContain('aftercommit-test-');
  expect(existsSync(folder)).toBe(false);
});

it('removes the folder on clear', () => {
  const { folder, clear } = temporaryFolder('test');
  expect(existsSync(folder)).toBe(true);

  clear();

  expect(existsSync(folder)).toBe(false);
});
