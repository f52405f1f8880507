import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../../../dev/cli/cli-error.ts';
import { type ProcessResult, runProcess } from '../../../dev/cli/run-process.ts';
import type { Verdict } from './results.ts';

/** A run that takes longer than this hangs, which is an obvious difference. */
const maxMinutes = 10;

/** Maximum length of the text about a first failure or finding, in characters. */
const maxFirstLength = 300;

interface JudgeOptions {
  /** The folder of the working copy. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Runs a command in the working copy. Returns undefined if it does not end in time. */
const runInCopy = async (
  command: readonly string[],
  { folder, signal }: JudgeOptions,
): Promise<ProcessResult | undefined> => {
  const [file = '', ...args] = command;
  const deadline = AbortSignal.timeout(maxMinutes * 60_000);
  try {
    return await runProcess(file, args, {
      cwd: folder,
      env: process.env,
      signal: AbortSignal.any([signal, deadline]),
    });
  } catch (error) {
    if (deadline.aborted && !signal.aborted) return undefined;
    throw error;
  }
};

const hangs = (seconds: number): Verdict => ({
  isKilled: true,
  seconds,
  first: `no end within ${maxMinutes} minutes`,
});

const secondsSince = (startedAt: number) => Math.round((performance.now() - startedAt) / 100) / 10;

const lastLines = ({ lines }: ProcessResult) => lines.slice(-20).join('\n');

const testReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * The first failed test in a report of Vitest, or the first file that cannot be loaded. Files that Vitest did not run after a
 * failure have neither a failed test nor a message.
 */
export const firstFailureOf = (report: unknown, folder: string): string | undefined => {
  const files = testReport.parse(report).testResults.map(({ name, ...file }) => ({
    ...file,
    path: name.replace(`${folder}/`, ''),
  }));
  const [first] = [
    ...files.flatMap(({ path, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName }) => `${path}: ${fullName.trim()}`),
    ),
    ...files
      .filter(({ message }) => message !== '')
      .map(({ path, message }) => `${path}: ${message.split('\n').slice(0, 2).join(' ')}`),
  ];

  return first?.slice(0, maxFirstLength);
};

/** Runs test files and folders, until the first failure if wanted. Returns undefined if the run does not end in time. */
const runTests = async (
  tests: readonly string[],
  options: JudgeOptions,
  flags: readonly string[],
): Promise<(ProcessResult & { readonly first?: string | undefined }) | undefined> => {
  const report = join(options.folder, 'test-report.json');
  rmSync(report, { force: true });
  const result = await runInCopy(
    [
      join(options.folder, 'node_modules/.bin/vitest'),
      ...['run', '--project', 'unit*', '--project', 'infra', ...flags],
      ...['--reporter', 'json', '--outputFile', report],
      ...tests,
    ],
    options,
  );
  if (!result || result.code === 0 || !existsSync(report)) return result;

  return {
    ...result,
    first: firstFailureOf(JSON.parse(readFileSync(report, 'utf8')), options.folder),
  };
};

/**
 * Runs these test files and folders in the working copy until the first failure. Throws CliError if Vitest fails without a
 * failed test.
 */
export const judgeByTests = async (
  tests: readonly string[],
  options: JudgeOptions,
): Promise<Verdict> => {
  const startedAt = performance.now();
  let result = await runTests(tests, options, ['--bail', '1']);
  // Vitest may stop before the failed test is in its report.
  if (result && result.code !== 0 && result.first === undefined)
    result = await runTests(tests, options, []);
  const seconds = secondsSince(startedAt);
  if (result === undefined) return hangs(seconds);
  const { code, first } = result;
  if (code === 0) return { isKilled: false, seconds };
  if (first !== undefined) return { isKilled: true, seconds, first };
  throw new CliError(`The tests ${tests.join(' ')} cannot run.\n${lastLines(result)}`);
};

/** The number of seeds in the summary of a simulation. */
const seedsOf = ({ lines }: ProcessResult): number | undefined => {
  const counts = lines.flatMap((line) => /([\d,]+) seeds?\b/.exec(line)?.[1] ?? []);
  const last = counts.at(-1);

  return last === undefined ? undefined : Number(last.replaceAll(',', ''));
};

/**
 * Runs the simulation in the working copy until the first finding: its exit code is 1 with a finding and 0 without. Throws
 * CliError for any other.
 */
export const judgeBySimulation = async (
  command: readonly string[],
  options: JudgeOptions,
): Promise<Verdict> => {
  const startedAt = performance.now();
  const result = await runInCopy(command, options);
  const seconds = secondsSince(startedAt);
  if (result === undefined) return hangs(seconds);
  const seeds = seedsOf(result);
  const counted = { seconds, ...(seeds !== undefined && { seeds }) };
  if (result.code === 0) return { isKilled: false, ...counted };
  if (result.code !== 1)
    throw new CliError(`The simulation failed with code ${result.code}.\n${lastLines(result)}`);

  return { isKilled: true, ...counted, first: firstFindingOf(result) };
};

/** The seed with the first finding and what it found, or the error of a simulation that cannot run. */
const firstFindingOf = ({ lines }: ProcessResult): string => {
  const index = lines.findIndex((line) => /^Seed \d+ /.test(line));
  const seed = lines[index]?.replace(/:.*/, '');
  const first =
    seed === undefined
      ? lines.find((line) => /^\w*Error\b/.test(line))
      : `${seed}: ${lines[index + 1]?.trim()}`;

  return (first ?? lines[0] ?? '').slice(0, maxFirstLength);
};
