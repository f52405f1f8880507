import { commandFor, type RunChoices } from './command-line.ts';
import type { Totals } from './explore.ts';
import type { RunResult } from './run-seed.ts';
import type { SeedReport } from './series/seed-report.ts';
import { describeFault, describeStorm } from './shrinking/describe-fault.ts';
import { storyOf } from './shrinking/payment-story.ts';
import type { Shrunk } from './shrinking/shrink.ts';
import type { StoryLine } from './virtual/story.ts';

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** What a run found, and how to look closer. */
export const describeFindings = (report: SeedReport, choices: RunChoices = {}): string => {
  const { seed, stage, adapter, findings, storms } = report;
  const repeated = { ...choices, stage, adapter };

  return [
    `Seed ${seed} (${stage}, ${adapter}): ${count(findings.length, 'finding')}`,
    ...indented(findings.map(({ check, text }) => `${check}: ${text}`)),
    ...indented(storms.map((storm) => `storm: ${describeStorm(storm)}`)),
    `  trace:  ${commandFor(seed, repeated, 'trace')}`,
    `  shrink: ${commandFor(seed, repeated, 'shrink')}`,
  ].join('\n');
};

/** The smaller run that has the finding of a seed too: its faults in words, the story, and how to repeat it. */
export const describeShrunk = (
  { parts, result, runs }: Shrunk<RunResult>,
  lines: readonly StoryLine[],
  old?: RunChoices['old'],
): string => {
  const { seed, stage, adapter, findings, record } = result;
  const { faults, cast, chaosMs, paymentMethods } = parts;
  const text = findings.map((finding) => finding.text).join('\n');
  const choices = {
    stage,
    adapter,
    keptFaults: new Set(faults),
    cast,
    chaosMs,
    paymentMethods,
    old,
  };
  const single = faults.filter((name) => !name.startsWith('storm '));
  const words = [...single.map(describeFault), ...record.faults.storms.map(describeStorm)];

  return [
    `Seed ${seed} (${stage}, ${adapter}), shrunk by ${count(runs, 'run')}: ${count(findings.length, 'finding')}`,
    ...indented(findings.map((finding) => `${finding.check}: ${finding.text}`)),
    words.length === 0 ? 'It needs no fault.' : 'Its faults:',
    ...indented(words),
    'Its story:',
    ...indented(storyOf(record, lines, text)),
    'Repeat it:',
    `  ${commandFor(seed, choices)}`,
  ].join('\n');
};

/** The sums of a series: the last line of a run. */
export const describeTotals = (totals: Totals): string => {
  const { seeds, invocations, calls, faults, findings, failedSeeds, processorSeconds } = totals;
  const rate = (seeds / processorSeconds).toFixed(1);
  const failed = failedSeeds.length === 0 ? '' : ` in seeds ${failedSeeds.join(', ')}`;

  return `${seeds} seeds (${rate} a second of processor), ${invocations} invocations, ${calls} calls, ${faults} faults, ${findings} findings${failed}`;
};
