import { composeWithOld } from '../builds.ts';
import { checks } from '../checks/all-checks.ts';
import type { RunChoices } from '../command-line.ts';
import { deploymentOf } from '../deployments.ts';
import { runMarks } from '../marks/run-marks.ts';
import { transitionMarkOf } from '../marks/transition-marks.ts';
import { type Finding, type RunResult, runSeed } from '../run-seed.ts';
import type { Storm } from '../virtual/faults.ts';
import type { StoryLine } from '../virtual/story.ts';
import { createRunDigest } from './run-digest.ts';

/** What a series keeps of one run. It is plain data, which a worker process can send. */
export interface SeedReport extends Pick<RunResult, 'seed' | 'stage' | 'adapter' | 'calls'> {
  readonly findings: readonly Finding[];
  readonly storms: readonly Storm[];
  readonly faults: number;
  readonly invocations: number;
  /** Time of the processor in seconds. */
  readonly processorSeconds: number;
  /** Hash of all lines of the story and all writes, if it was wanted. */
  readonly digest?: string;
  /** What the service went through, for the coverage, if it was wanted. */
  readonly marks?: readonly string[];
}

/** How each seed of a series is run. */
export interface SeriesChoices extends RunChoices {
  readonly isDigested?: boolean;
  readonly isMarked?: boolean;
}

/** Reads the templates, which takes longer than many runs. */
export const prepareRuns = (): void => {
  for (const stage of ['local', 'sandbox'] as const) deploymentOf(stage);
};

/** Runs one seed in this process. One at a time: a run replaces the global Date and timers. */
export const runReportedSeed = async (
  seed: number,
  { isDigested = false, isMarked = false, old, ...choices }: SeriesChoices = {},
  onStoryLine?: (line: StoryLine) => void,
): Promise<SeedReport> => {
  const cpu = process.cpuUsage();
  const digest = isDigested ? createRunDigest() : undefined;
  const builds = old && (await composeWithOld(seed, old));
  const transitions = new Set<string | undefined>();
  const result = await runSeed({
    ...choices,
    seed,
    checks,
    ...builds,
    onStoryLine: onStoryLine ?? digest?.onStoryLine,
    onWrite: isMarked ? (write) => transitions.add(transitionMarkOf(write)) : digest?.onWrite,
  });
  const { stage, adapter, calls, findings, faultNames, record } = result;
  const { user, system } = process.cpuUsage(cpu);

  return {
    seed,
    stage,
    adapter,
    calls,
    findings,
    storms: record.faults.storms,
    faults: faultNames.length,
    invocations: record.invocations,
    processorSeconds: (user + system) / 1_000_000,
    ...(digest && { digest: digest.read() }),
    ...(isMarked && {
      marks: [...transitions, ...runMarks(record)].filter((mark) => mark !== undefined),
    }),
  };
};
