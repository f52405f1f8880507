import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** The machine of a measurement, for comparison. */
export interface Machine {
  readonly processors: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly k6: string;
  readonly database: string;
  /** The commit of the repository; with a plus if it had uncommitted changes. */
  readonly commit: string;
}

const outputOf = (program: string, ...args: string[]): string =>
  spawnSync(program, args, { encoding: 'utf8' }).stdout?.trim().split('\n')[0] ?? '';

export const describeMachine = (k6: string, database: string): Machine => ({
  processors: `${availableParallelism()} x ${cpus()[0]?.model.trim()}`,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
  k6: outputOf(k6, 'version'),
  database,
  commit: `${outputOf('git', 'rev-parse', '--short', 'HEAD')}${outputOf('git', 'status', '--porcelain') && '+'}`,
});

/** The number of processors, which its description begins with. */
export const processorsOf = ({ processors }: Machine): number => Number.parseInt(processors, 10);
