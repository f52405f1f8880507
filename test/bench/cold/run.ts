import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { readDeployment } from '../../support/cdk/deployment.ts';
import { describeMachine, type Machine } from '../measure/machine.ts';
import { rounded, spread } from '../measure/report.ts';
import { resultsFolder, writeResults } from '../measure/results.ts';
import { buildVariant, compositionOf, variants } from './bundles.ts';
import { type ColdStart, measureStarts } from './start.ts';

/** The stored results of the cold start measurement. */
export interface ColdResults {
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly functions: Readonly<Record<string, { readonly bytes: number } & ColdStart>>;
  /** The other bundling variants of accept-payment. */
  readonly variants: Readonly<Record<string, { readonly bytes: number } & ColdStart>>;
  /** The bytes of accept-payment's bundle by package. */
  readonly composition: Readonly<Record<string, number>>;
}

const rounds = 21;
const measured = 'accept-payment';

/** Measures the cold start of each function, and the effect of each bundling option. */
export const runCold = async ({ step }: { readonly step: Progress }): Promise<void> => {
  const { functions } = readDeployment('sandbox');
  const environmentOf = (folder: string) => ({
    AWS_REGION: 'us-east-1',
    ...functions.find((one) => one.folder === folder)?.environment,
  });
  const deployed = buildVariant('as deployed');
  const others = Object.keys(variants).map((name) => ({ name, ...buildVariant(name) }));

  const found = await step(`Starting each function ${rounds} times`, async () =>
    measureStarts(
      functions.map(({ folder }) => ({
        name: folder,
        bundle: deployed.built.paths[folder] ?? '',
        environment: environmentOf(folder),
      })),
      rounds,
    ),
  );
  const compared = await step(`Starting ${measured} in other bundling variants`, async () =>
    measureStarts(
      others.map(({ name, built }) => ({
        name,
        bundle: built.paths[measured] ?? '',
        environment: environmentOf(measured),
      })),
      rounds,
    ),
  );
  const withBytes = (
    starts: Readonly<Record<string, ColdStart>>,
    bytes: (name: string) => number,
  ) =>
    Object.fromEntries(
      Object.entries(starts).map(([name, start]) => [name, { bytes: bytes(name), ...start }]),
    );
  const results: ColdResults = {
    date: new Date().toISOString(),
    machine: describeMachine('no k6', 'no database'),
    rounds,
    functions: withBytes(found, (name) => deployed.built.bytes[name] ?? Number.NaN),
    variants: withBytes(
      compared,
      (name) => others.find((other) => other.name === name)?.built.bytes[measured] ?? Number.NaN,
    ),
    composition: compositionOf(deployed.built, measured),
  };
  deployed.clear();
  for (const { clear } of others) clear();
  writeResults(join(resultsFolder('full'), 'cold-start.json'), results);
  console.log(`\n${coldReport(results)}`);
};

const kilobytes = (bytes: number) => rounded(bytes / 1_024);

const startTable = (head: string, rows: ColdResults['functions']): string =>
  table(
    [head, 'KB', 'ms to load', 'ms of processor time'],
    Object.entries(rows).map(([name, { bytes, tookMs, cpuMs }]) => [
      name,
      kilobytes(bytes),
      spread(tookMs),
      spread(cpuMs),
    ]),
  );

export const functionTable = ({ functions }: ColdResults): string =>
  startTable('function', functions);

export const variantTable = ({ variants: found }: ColdResults): string =>
  startTable('accept-payment, bundled', found);

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
