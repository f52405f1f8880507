import { globSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const projectRoot = join(import.meta.dirname, '../..');

/** Environment variables whose value is known at bundling time. Code that they make unreachable is removed. */
export type BuildConstants = Readonly<Record<string, string>>;

/** The file name of a bundle. Lambda, and each program that loads a bundle, sees by it that it is an ES module. */
export const bundleFile = 'index.mjs';

/** The code asset of one folder under functions/: a single file with its dependencies. */
export const bundledCode = (folder: string, constants: BuildConstants): AssetCode =>
  Code.fromAsset(join(projectRoot, 'functions', folder), {
    // Most of a bundle comes from other folders, so the hash must cover the output.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle: (outputDirectory) => {
          const bundle = bundleAllFunctions(constants).get(folder);
          if (!bundle) throw new Error(`functions/${folder}/index.ts does not exist.`);
          writeFileSync(join(outputDirectory, bundleFile), bundle);

          return true;
        },
      },
      // The library requires an image, even if it never uses it.
      image: DockerImage.fromRegistry('unused'),
    },
  });

type Bundles = ReadonlyMap<string, Uint8Array>;

const bundleCache = new Map<string, Bundles>();

/** The bundle of every function, by folder. Bundles once per set of constants. */
export const bundleAllFunctions = (constants: BuildConstants): Bundles => {
  const key = JSON.stringify(constants);
  const bundles = bundleCache.get(key) ?? runEsbuild(constants);
  bundleCache.set(key, bundles);

  return bundles;
};

/** The esbuild options of every function. `npm run bench -- cold` measures the effect of each on cold starts. */
export const bundleOptions = (constants: BuildConstants) =>
  ({
    entryPoints: globSync(join(projectRoot, 'functions/*/index.ts')),
    outdir: projectRoot,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    // Lambda waits for the top-level `await` of an ES module, and so for the read at initialization.
    format: 'esm',
    outExtension: { '.js': extname(bundleFile) },
    // For dependencies that are CommonJS and call `require`. The name is one that no minified code uses.
    banner: {
      js: "import{createRequire as createBundleRequire}from'node:module';const require=createBundleRequire(import.meta.url);",
    },
    // Prefer the ES modules of a package: esbuild can tree-shake only those.
    mainFields: ['module', 'main'],
    minify: true,
    // Logs and Powertools identify errors and functions by name.
    keepNames: true,
    alias: {
      '@aws-sdk/credential-provider-node': join(projectRoot, 'shared/config/credentials.ts'),
      '@smithy/core/event-streams': join(projectRoot, 'shared/config/event-streams.ts'),
      '@aws-lambda-powertools/jmespath': join(projectRoot, 'shared/config/jmespath.ts'),
      '@aws-lambda-powertools/jmespath/functions': join(projectRoot, 'shared/config/jmespath.ts'),
    },
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [
        `process.env.${name}`,
        JSON.stringify(value),
      ]),
    ),
    logLevel: 'warning',
  }) as const satisfies BuildOptions;

// One esbuild run for all functions. NodejsFunction runs esbuild once a function and parses the SDK each time.
const runEsbuild = (constants: BuildConstants): Bundles => {
  const { outputFiles } = buildSync({ ...bundleOptions(constants) });

  return new Map(outputFiles.map(({ path, contents }) => [basename(dirname(path)), contents]));
};
