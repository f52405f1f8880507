import './quiet.ts';
import { runCommand } from '../../dev/cli/cli-error.ts';
import { checks } from './checks/all-checks.ts';
import { type RunChoices, readCommandLine } from './command-line.ts';
import { explore, type Totals } from './explore.ts';
import { describeFindings, describeShrunk, describeTotals } from './report.ts';
import { type RunResult, runSeed } from './run-seed.ts';
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
    `${runs} runs: ${faults.length} faults, ${cast.stories.length} stories, ${chaosMs / 1_000} s of faults`,
  );

const printShrunk = async (first: RunResult, choices: RunChoices): Promise<void> => {
  const { seed, stage, adapter, record } = first;
  const play = ({ faults, ...parts }: RunParts, onStoryLine?: (line: StoryLine) => void) =>
    runSeed({
      ...{ seed, stage, adapter, checks, onStoryLine },
      ...parts,
      keptFaults: new Set(faults),
    });
  const paymentMethods = choices.paymentMethods ?? record.gateway.paymentMethods;
  const shrunk = await shrink({ first, play, paymentMethods, onProgress: showShrinking });
  const lines: StoryLine[] = [];
  const result = await play(shrunk.parts, (line) => lines.push(line));
  console.log(`\n${describeShrunk({ ...shrunk, result }, lines)}`);
};

await runCommand(async () => {
  const { seed, count, choices, isTraced, isShrunk, ...options } = readCommandLine();
  const failed: RunResult[] = [];
  const totals = await explore({
    ...options,
    ...choices,
    seeds: seedsFrom(seed, count),
    checks,
    ...(isTraced && { onStoryLine: (line: StoryLine) => console.log(formatStoryLine(line)) }),
    onResult: (result, soFar) => {
      showProgress(soFar);
      if (result.findings.length === 0) return;
      console.log(`\n${describeFindings(result, choices)}`);
      if (isShrunk) failed.push(result);
    },
  });
  for (const result of failed) await printShrunk(result, choices);
  console.log(`\n${describeTotals(totals)}`);
  if (totals.findings > 0) process.exitCode = 1;
});
