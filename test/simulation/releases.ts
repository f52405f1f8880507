import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../../dev/cli/cli-error.ts';
import { eventsText } from '../support/builders/example-events.ts';
import { buildFile } from './builds.ts';

const folderOf = (version: string): string => join('test/releases', version);

/** The folder of the last release, whose functions may run beside those of this version. */
export const lastRelease = (): string => {
  const [folder, ...others] = globSync(join(folderOf('*'), buildFile)).map(dirname);
  if (folder === undefined || others.length > 0)
    throw new CliError('test/releases must have the build of exactly one version.');

  return folder;
};

/** Whether a version is after another one, both as three numbers. */
const isAfter = (version: string, other: string): boolean =>
  /^\d+\.\d+\.\d+$/.test(version) && version.localeCompare(other, 'en', { numeric: true }) > 0;

interface NextVersion {
  /** The folder of the repository. */
  readonly root: string;
  readonly next: string;
  /** Writes the build of the working tree into a folder. */
  readonly writeBuild: (folder: string) => Promise<void>;
}

/**
 * Stores the build of the version in package.json, in place of that of the release before, and begins the next version: raises
 * the number in package.json and package-lock.json, and writes the events of the new version. Returns the released version.
 * Throws a CliError, before it writes anything, if the number is not higher or the events are not those that are stored.
 */
export const releaseVersion = async ({ root, next, writeBuild }: NextVersion): Promise<string> => {
  const eventsFileOf = (version: string) => join(root, folderOf(version), 'events.json');
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const write = (file: string, content: object) =>
    writeFileSync(join(root, file), `${JSON.stringify(content, null, 2)}\n`);
  const manifest = read('package.json');
  const lock = read('package-lock.json');
  const { version } = manifest;
  if (!isAfter(next, version))
    throw new CliError(`The next version ${next} is not a version after ${version}.`);
  if (readFileSync(eventsFileOf(version), 'utf8') !== eventsText())
    throw new CliError(
      `The events are not those of ${eventsFileOf(version)}: run the unit test released-events.test.ts.`,
    );

  const build = join(root, folderOf(version));
  await writeBuild(build);
  for (const file of globSync(join(root, folderOf('*'), buildFile)))
    if (dirname(file) !== build) rmSync(file);
  write('package.json', { ...manifest, version: next });
  const packages = { ...lock.packages, '': { ...lock.packages[''], version: next } };
  write('package-lock.json', { ...lock, version: next, packages });
  mkdirSync(dirname(eventsFileOf(next)), { recursive: true });
  writeFileSync(eventsFileOf(next), eventsText());

  return version;
};
