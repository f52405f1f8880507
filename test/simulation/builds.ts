import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { CliError } from '../../dev/cli/cli-error.ts';
import { root } from '../../dev/cli/paths.ts';
import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import { type GatewayAdapters, gatewayAdapters } from './gateways/adapters.ts';
import { Random } from './virtual/random.ts';
import type { Compose } from './world.ts';

/** The functions of another build that run beside those of this one. */
export interface OldFunctions {
  /** The folder that `writeBuild` wrote. */
  readonly build: string;
  /** The folders of the old functions; half of all, selected by the seed, if absent. */
  readonly functions?: readonly string[];
  /** Without `functions`: which half is old. Both halves of a seed together are all functions. */
  readonly half?: 'first' | 'second';
}

/** What a build exports. */
interface Build {
  readonly composeFunction: Compose;
  readonly compositions: Readonly<Record<string, unknown>>;
  readonly gatewayAdapters: GatewayAdapters;
}

/** How a run composes its functions, and connects each to the gateway. */
export interface MixedBuilds {
  readonly compose: Compose;
  readonly adaptersOf: (name: string) => GatewayAdapters;
}

/** The file of a build, in the folder of its own. */
export const buildFile = 'compositions.mjs.br';

const fileOf = (folder: string): string => join(resolve(folder), buildFile);

/** 385 KB after 0.1 s of processor time; the best quality makes 355 KB in 2.2 s. */
const fastCompression = { [constants.BROTLI_PARAM_QUALITY]: 9 };

/** What a build exports: the functions, and what connects them to the gateways. */
const exported = `
  export { composeFunction, compositions } from './dev/simulation/compositions.ts';
  export { gatewayAdapters } from './test/simulation/gateways/adapters.ts';
`;

/** Bundles the compositions of all functions, with their packages, into one compressed file of a folder. */
export const writeBuild = async (folder: string): Promise<void> => {
  const { outputFiles } = await build({
    stdin: { contents: exported, resolveDir: root, loader: 'ts' },
    write: false,
    bundle: true,
    minify: true,
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
  mkdirSync(resolve(folder), { recursive: true });
  for (const { contents } of outputFiles)
    writeFileSync(fileOf(folder), brotliCompressSync(contents, { params: fastCompression }));
};

const builds = new Map<string, Build>();

/** Loads a build. Throws CliError if the folder has none. */
const openBuild = async (folder: string): Promise<Build> => {
  const file = fileOf(folder);
  if (!existsSync(file))
    throw new CliError(
      `${folder} has no build. Write one with npm run simulate -- --build ${folder}`,
    );
  const opened = builds.get(file) ?? (await importCompressed(file));
  builds.set(file, opened);

  return opened;
};

const importCompressed = async (file: string): Promise<Build> => {
  const temporary = mkdtempSync(join(tmpdir(), 'aftercommit-build-'));
  try {
    const module = join(temporary, 'compositions.mjs');
    writeFileSync(module, brotliDecompressSync(readFileSync(file)));

    return await import(pathToFileURL(module).href);
  } finally {
    rmSync(temporary, { recursive: true });
  }
};

/** Whether a seed runs the old version of a function: half of them, each seed another half. */
const isOldFor = (seed: number, folder: string): boolean =>
  new Random(`${seed}/old/${folder}`).chance(0.5);

/**
 * Composes some functions from another build and the others from this one. A function that the other build does not have is
 * always this one's. Throws CliError if the folder has no build, or if it does not have a named function.
 */
export const composeWithOld = async (
  seed: number,
  { build: folder, functions, half = 'first' }: OldFunctions,
): Promise<MixedBuilds> => {
  const old = await openBuild(folder);
  const unknown = functions?.find((name) => !(name in old.compositions));
  if (unknown !== undefined)
    throw new CliError(`The build in ${folder} has no function ${unknown}.`);
  const isOld = (name: string) =>
    name in old.compositions &&
    (functions?.includes(name) ?? isOldFor(seed, name) === (half === 'first'));

  return {
    compose: (name, platform) =>
      isOld(name)
        ? old.composeFunction(name, platform)
        : composeFunction(name as FunctionFolder, platform),
    adaptersOf: (name) => (isOld(name) ? old.gatewayAdapters : gatewayAdapters),
  };
};
