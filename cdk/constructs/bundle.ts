import { globSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const projectRoot = join(import.meta.dirname, '../..');

/** Environment variables whose value is known while bundling: what they rule out is left out of the bundle. */
export type BuildConstants = Readonly<Record<string, string>>;

/** The code of one folder under functions/ in one file, with all that it needs. */
export const bundledCode = (folder: string, constants: BuildConstants): AssetCode =>
  Code.fromAsset(join(projectRoot, 'functions', folder), {
    // Most of a bundle comes from elsewhere: its folder alone does not tell one from another.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle: (outputDirectory) => {
          const bundle = bundleAllFunctions(constants).get(folder);
          if (!bundle) throw new Error(`There is no functions/${folder}/index.ts.`);
          writeFileSync(join(outputDirectory, 'index.js'), bundle);

          return true;
        },
      },
      // Asked for by the library, for where no local bundling is.
      image: DockerImage.fromRegistry('unused'),
    },
  });

type Bundles = ReadonlyMap<string, Uint8Array>;

const bundleCache = new Map<string, Bundles>();

/** Every function's bundle, by its folder. */
export const bundleAllFunctions = (constants: BuildConstants): Bundles => {
  const key = JSON.stringify(constants);
  const bundles = bundleCache.get(key) ?? runEsbuild(constants);
  bundleCache.set(key, bundles);

  return bundles;
};

/** How every function is bundled. `npm run bench -- cold` measures what each choice is worth at a cold start. */
export const bundleOptions = (constants: BuildConstants) =>
  ({
    entryPoints: globSync(join(projectRoot, 'functions/*/index.ts')),
    outdir: projectRoot,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    // Loads sooner than an ES module, and needs no banner for the dependencies that still call `require`.
    format: 'cjs',
    // The ES modules of each package first: only they can be shaken.
    mainFields: ['module', 'main'],
    minify: true,
    // Errors and functions are told apart by name, in logs and by Powertools.
    keepNames: true,
    alias: {
      '@aws-sdk/credential-provider-node': join(projectRoot, 'shared/config/credentials.ts'),
    },
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [
        `process.env.${name}`,
        JSON.stringify(value),
      ]),
    ),
    logLevel: 'warning',
  }) as const satisfies BuildOptions;

// The library's NodejsFunction starts esbuild for each function, and twenty times the same SDK is parsed: five times as long.
const runEsbuild = (constants: BuildConstants): Bundles => {
  const { outputFiles } = buildSync({ ...bundleOptions(constants) });

  return new Map(outputFiles.map(({ path, contents }) => [basename(dirname(path)), contents]));
};
