import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CliError } from '../../dev/cli/cli-error.ts';
import { root } from '../../dev/cli/paths.ts';
import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import { Random } from './virtual/random.ts';
import type { Compose } from './world.ts';

/** The functions of another build that run beside those of this one. */
export interface OldFunctions {
  /** The folder that `writeBuild` wrote. */
  readonly build: string;
  /** The folders of the old functions; half of all, selected by the seed, if absent. */
  readonly functions?: readonly string[];
}

/** What a build exports. */
interface Build {
  readonly composeFunction: Compose;
  readonly compositions: Readonly<Record<string, unknown>>;
}

const fileOf = (folder: string): string => join(resolve(folder), 'compositions.mjs');

/** Bundles the compositions of all functions, with their packages, into one file of a folder. */
export const writeBuild = async (folder: string): Promise<void> => {
  await build({
    entryPoints: [join(root, 'dev/simulation/compositions.ts')],
    outfile: fileOf(folder),
    bundle: true,
    format: 'esm',
    platform: 'node',
    // The simulation knows a command by the name of its class.
    keepNames: true,
    // Some packages are CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
};

const builds = new Map<string, Build>();

/** Loads a build. Throws CliError if the folder has none. */
const openBuild = async (folder: string): Promise<Build> => {
  const file = fileOf(folder);
  if (!existsSync(file))
    throw new CliError(
      `${folder} has no build. Write one with npm run simulate -- --build ${folder}`,
    );
  const opened = builds.get(file) ?? ((await import(pathToFileURL(file).href)) as Build);
  builds.set(file, opened);

  return opened;
};

/** Whether a seed runs the old version of a function: half of them, each seed another half. */
const isOldFor = (seed: number, folder: string): boolean =>
  new Random(`${seed}/old/${folder}`).chance(0.5);

/**
 * Composes some functions from another build and the others from this one. A function that the other build does not have is
 * always this one's. Throws CliError if the folder has no build, or a named function is not in it.
 */
export const composeWithOld = async (
  seed: number,
  { build: folder, functions }: OldFunctions,
): Promise<Compose> => {
  const old = await openBuild(folder);
  const unknown = functions?.find((name) => !(name in old.compositions));
  if (unknown !== undefined)
    throw new CliError(`The build in ${folder} has no function ${unknown}.`);
  const isOld = (name: string) =>
    name in old.compositions && (functions?.includes(name) ?? isOldFor(seed, name));

  return (name, platform) =>
    isOld(name)
      ? old.composeFunction(name, platform)
      : composeFunction(name as FunctionFolder, platform);
};
