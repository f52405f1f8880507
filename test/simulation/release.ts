import { execFileSync } from 'node:child_process';
import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { parseCommandLine } from '../../dev/cli/parse-args.ts';
import { root } from '../../dev/cli/paths.ts';
import { writeBuild } from './builds.ts';
import { releaseVersion } from './releases.ts';

const usage = `npm run release -- <next version>
  Stores the functions of the version in package.json, and begins the next version.`;

const run = (file: string, ...args: string[]) =>
  execFileSync(file, args, { cwd: root, encoding: 'utf8' }).trim();

/** Releases the commit that is checked out. Throws a CliError if files have changed since the commit. */
await runCommand(async () => {
  const { positionals } = parseCommandLine({ allowPositionals: true, options: {} }, usage);
  const [next, ...others] = positionals;
  if (next === undefined || others.length > 0) throw new CliError(usage);
  if (run('git', 'status', '--porcelain') !== '')
    throw new CliError('Files have changed: commit them first, because a release is a commit.');

  const released = await releaseVersion({ root, next, writeBuild });
  run(process.execPath, 'dev/generate-docs.ts');
  console.log(`Version ${released} is released, and ${next} has begun. Next:
  git tag v${released} ${run('git', 'rev-parse', '--short', 'HEAD')}
  git add --all && git commit --message 'release: store ${released}, begin ${next}'`);
});
