import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../dev/cli/paths.ts';
import { temporaryFolder } from '../../bench/temporary-folder.ts';
import { applyMutant, type Mutant } from './mutant.ts';

/** A copy of the repository's files that one mutant at a time may change. */
export interface WorkingCopy {
  readonly folder: string;
  /** Changes the mutant's file, runs the work and restores the file. */
  readonly withMutant: <T>(mutant: Mutant, work: () => Promise<T>) => Promise<T>;
  readonly clear: () => void;
}

/** The files that Git tracks or would add, without those that are deleted. */
const repositoryFiles = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)));

/** Copies the working tree into a temporary folder. `node_modules` is a link to that of the repository. */
export const createWorkingCopy = (): WorkingCopy => {
  const { folder, clear } = temporaryFolder('mutants');
  for (const path of repositoryFiles()) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));

  return {
    folder,
    withMutant: async (mutant, work) => {
      const path = join(folder, mutant.file);
      const original = readFileSync(path, 'utf8');
      writeFileSync(path, applyMutant(original, mutant));
      try {
        return await work();
      } finally {
        writeFileSync(path, original);
      }
    },
    clear,
  };
};
