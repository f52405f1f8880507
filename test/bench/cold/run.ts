import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { readDeployment } from '../../support/cdk/deployment.ts';
import { describeMachine, type Machine } from '../measure/machine.ts';
import { rounded, spread } from '../measure/report.ts';
import { resultsFolder, writeResults } from '../measure/results.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type BuiltBundles, buildVariant, compositionOf, variants } from './bundles.ts';
import { openColdShop } from './shop.ts';
import { type Candidate, type ColdStart, type ColdTimes, measureStarts } from './start.ts';

/** The stored results of the cold start measurement. */
export interface ColdResults {
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly functions: Readonly<Record<string, { readonly bytes: number } & ColdStart>>;
  /** accept-payment as deployed and in other variants, each with its first request. */
  readonly variants: Readonly<Record<string, { readonly bytes: number } & ColdStart>>;
  /** The bytes of accept-payment's bundle by package. */
  readonly composition: Readonly<Record<string, number>>;
}

const rounds = 21;
const measured = 'accept-payment';

/** Variants of the deployed bundle: its environment, as differences. */
const environmentVariants = (compileCache: string) => ({
  'without the read at initialization': { INIT_READ: '' },
  'with the compile cache of this machine': { NODE_COMPILE_CACHE: compileCache },
});

interface Variant {
  readonly name: string;
  readonly built: BuiltBundles;
  readonly environment: Readonly<Record<string, string>>;
}

/** Measures the cold start of each function, and the effect of each choice on that of accept-payment. */
export const runCold = async ({ step }: { readonly step: Progress }): Promise<void> => {
  const { functions } = readDeployment('sandbox');
  const shop = await openColdShop();
  const environmentOf = (folder: string) => ({
    AWS_REGION: 'us-east-1',
    ...functions.find((one) => one.folder === folder)?.environment,
    ...shop.environment,
  });
  const deployed = buildVariant('as deployed');
  const others = Object.keys(variants).map((name) => ({ name, ...buildVariant(name) }));
  const compileCache = temporaryFolder('compile-cache');
  const compared: readonly Variant[] = [
    ...others.map(({ name, built }) => ({ name, built, environment: {} })),
    ...Object.entries(environmentVariants(compileCache.folder)).map(([name, environment]) => ({
      name,
      built: deployed.built,
      environment,
    })),
  ];
  const candidates = compared.map(
    ({ name, built, environment }): Candidate => ({
      name,
      bundle: built.paths[measured] ?? '',
      environment: { ...environmentOf(measured), ...environment },
      request: shop.request,
    }),
  );

  const found = await step(`Starting each function ${rounds} times`, () =>
    measureStarts(
      functions.map(({ folder }) => ({
        name: folder,
        bundle: deployed.built.paths[folder] ?? '',
        environment: environmentOf(folder),
      })),
      rounds,
    ),
  );
  const accepted = await step(`Starting ${measured} in other variants`, async () => {
    // The first start writes the compile cache.
    await measureStarts(candidates.slice(-1), 1);

    return measureStarts(candidates, rounds);
  });
  const withBytes = (
    starts: Readonly<Record<string, ColdStart>>,
    bytes: (name: string) => number | undefined,
  ) =>
    Object.fromEntries(
      Object.entries(starts).map(([name, start]) => [
        name,
        { bytes: bytes(name) ?? Number.NaN, ...start },
      ]),
    );
  const results: ColdResults = {
    date: new Date().toISOString(),
    machine: describeMachine('no k6', 'no database'),
    rounds,
    functions: withBytes(found, (name) => deployed.built.bytes[name]),
    variants: withBytes(
      accepted,
      (name) => compared.find((other) => other.name === name)?.built.bytes[measured],
    ),
    composition: compositionOf(deployed.built, measured),
  };
  await shop.close();
  for (const { clear } of [deployed, compileCache, ...others]) clear();
  writeResults(join(resultsFolder('full'), 'cold-start.json'), results);
  console.log(`\n${coldReport(results)}`);
};

const kilobytes = (bytes: number) => rounded(bytes / 1_024);

type Rows = ColdResults['functions'];

const loadHead = ['KB', 'ms to load', 'ms of processor time'];

const loadCells = ({ bytes, tookMs, cpuMs }: Rows[string]) => [
  kilobytes(bytes),
  spread(tookMs),
  spread(cpuMs),
];

export const functionTable = ({ functions }: ColdResults): string =>
  table(
    ['function', ...loadHead],
    Object.entries(functions).map(([name, row]) => [name, ...loadCells(row)]),
  );

const requestCells = (request: ColdTimes | undefined) =>
  request ? [spread(request.tookMs), spread(request.cpuMs)] : ['', ''];

export const variantTable = ({ variants: found }: ColdResults): string =>
  table(
    ['accept-payment', ...loadHead, 'ms of the first accept', 'ms of processor time'],
    Object.entries(found).map(([name, row]) => [
      name,
      ...loadCells(row),
      ...requestCells(row.firstRequest),
    ]),
  );

const maxPackages = 12;

export const compositionTable = ({ composition }: ColdResults): string => {
  const parts = Object.entries(composition);
  const rest = parts.slice(maxPackages).reduce((sum, [, bytes]) => sum + bytes, 0);

  return table(
    ['package', 'KB'],
    [...parts.slice(0, maxPackages), ['other packages', rest] as const].map(([name, bytes]) => [
      name,
      kilobytes(bytes),
    ]),
  );
};

export const coldReport = (results: ColdResults): string =>
  [
    `Medians of ${results.rounds} starts over an empty process, with minimum and maximum in brackets:`,
    functionTable(results),
    variantTable(results),
    compositionTable(results),
  ].join('\n\n');
