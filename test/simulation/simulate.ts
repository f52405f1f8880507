import './quiet.ts';
import { CliError, runCommand } from '../../dev/cli/cli-error.ts';
import { composeWithOld, writeBuild } from './builds.ts';
import { checks } from './checks/all-checks.ts';
import { type RunChoices, readCommandLine } from './command-line.ts';
import { deploymentOf } from './deployments.ts';
import { explore, type Totals } from './explore.ts';
import { createCoverage, describeCoverage } from './marks/coverage.ts';
import { hasSurvived } from './mutants/results.ts';
import { runMutants, simulationCommand } from './mutants/run-mutants.ts';
import { describeFindings, describeShrunk, describeTotals } from './report.ts';
import { runSeed } from './run-seed.ts';
import { prepareRuns, runReportedSeed, type SeriesChoices } from './series/seed-report.ts';
import { poolOf, type SeedRunner, startWorker } from './series/worker-pool.ts';
import { type RunParts, shrink } from './shrinking/shrink.ts';
import { formatStoryLine, type StoryLine } from './virtual/story.ts';

const seedsFrom = function* (first: number, count: number) {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
};

/** A line on the terminal that the next one replaces. */
const showLine = (text: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r${text}\u001b[K`);
};

const showProgress = ({ seeds, findings, processorSeconds }: Totals): void => {
  const rate = (seeds / processorSeconds).toFixed(1);
  showLine(`${seeds} seeds, ${rate} a second of processor, ${findings} findings`);
};

const showShrinking = ({ faults, cast, chaosMs }: RunParts, runs: number): void =>
  showLine(
    `${runs} runs: ${faults.length} faults, ${cast.stories.length + cast.stepStories.length} stories, ${chaosMs / 1_000} s of faults`,
  );

const printLine = (line: StoryLine): void => console.log(formatStoryLine(line));

const printShrunk = async (seed: number, choices: RunChoices): Promise<void> => {
  const builds = choices.old && (await composeWithOld(seed, choices.old));
  const first = await runSeed({ ...choices, seed, checks, ...builds });
  const { stage, adapter, record } = first;
  const play = ({ faults, ...parts }: RunParts, onStoryLine?: (line: StoryLine) => void) =>
    runSeed({
      ...{ seed, stage, adapter, checks, ...builds, onStoryLine },
      ...parts,
      keptFaults: new Set(faults),
    });
  const paymentMethods = choices.paymentMethods ?? record.gateway.paymentMethods;
  const shrunk = await shrink({ first, play, paymentMethods, onProgress: showShrinking });
  const lines: StoryLine[] = [];
  const result = await play(shrunk.parts, (line) => lines.push(line));
  console.log(`\n${describeShrunk({ ...shrunk, result }, lines, choices.old)}`);
};

/** Runs seeds in this process, or in several. */
const runnerOf = (jobs: number, choices: SeriesChoices, isTraced: boolean): SeedRunner => {
  if (jobs > 1) return poolOf(Array.from({ length: jobs }, () => startWorker(choices)));
  prepareRuns();

  return {
    run: (seed) => runReportedSeed(seed, choices, isTraced ? printLine : undefined),
    stop: () => {},
  };
};

const plantMutants = async (
  firstSeed: number,
  { only, judges, seeds }: NonNullable<ReturnType<typeof readCommandLine>['mutants']>,
  jobs: number,
): Promise<void> => {
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort(new CliError('Stopped.')));
  const { mutants } = await runMutants({
    only,
    judges,
    simulation: simulationCommand(firstSeed, seeds),
    jobs,
    print: (line) => console.log(line),
    signal: stopped.signal,
  });
  if (mutants.some(hasSurvived)) process.exitCode = 1;
};

await runCommand(async () => {
  const {
    build,
    seed: first,
    count,
    choices,
    jobs,
    isTraced,
    isShrunk,
    isCovered,
    mutants,
    ...limits
  } = readCommandLine();
  if (build !== undefined) {
    await writeBuild(build);
    console.log(`Run it beside the working tree: npm run simulate -- --old ${build}`);
    return;
  }
  if (mutants !== undefined) {
    await plantMutants(first, mutants, jobs);
    return;
  }
  const coverage = isCovered ? createCoverage(deploymentOf('local')) : undefined;
  const { run, stop } = runnerOf(jobs, { ...choices, isMarked: isCovered }, isTraced);
  try {
    const totals = await explore({
      ...limits,
      jobs,
      run,
      seeds: seedsFrom(first, count),
      onReport: (report, soFar) => {
        showProgress(soFar);
        coverage?.add(report.marks ?? []);
        if (report.findings.length > 0) console.log(`\n${describeFindings(report, choices)}`);
      },
    });
    if (isShrunk) for (const seed of totals.failedSeeds) await printShrunk(seed, choices);
    if (coverage) console.log(`\n${describeCoverage(coverage)}`);
    console.log(`\n${describeTotals(totals)}`);
    if (totals.findings > 0) process.exitCode = 1;
  } finally {
    stop();
  }
});
