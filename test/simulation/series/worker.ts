import '../quiet.ts';
import {
  prepareRuns,
  runReportedSeed,
  type SeedReport,
  type SeriesChoices,
} from './seed-report.ts';

/** A seed that a worker process runs. */
export interface SeedTask {
  readonly seed: number;
  readonly choices: SeriesChoices;
}

/** The answer to a task. */
export type SeedAnswer = { readonly report: SeedReport } | { readonly error: string };

const answer = ({ seed, choices }: SeedTask): Promise<SeedAnswer> =>
  runReportedSeed(seed, choices).then(
    (report) => ({ report }),
    (error: Error) => ({ error: `Seed ${seed}: ${error.stack}` }),
  );

prepareRuns();
process.on('message', (task: SeedTask) => {
  void answer(task).then((result) => process.send?.(result));
});
// The parent has ended.
process.on('disconnect', () => process.exit());
