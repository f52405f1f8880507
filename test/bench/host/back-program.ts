import { setPriority } from 'node:os';
import { runChildProgram } from './child-program.ts';
import { type ServiceOptions, startService } from './service.ts';

export interface BackSettings
  extends Pick<ServiceOptions, 'deployment' | 'bundles' | 'database' | 'environment'> {
  /** The maximum environments of single functions, if different from the default. */
  readonly environments: Readonly<Record<string, number>>;
  readonly defaultEnvironments: number;
  /** The `nice` value, 0 to 19, by which it yields processors to the buyers' side. */
  readonly niceness: number;
}

/** Everything after the commit. On AWS it runs on other machines than the functions behind the API. */
await runChildProgram(
  async ({ environments, defaultEnvironments: ofAnyOther, niceness, ...options }: BackSettings) => {
    setPriority(niceness);
    const service = await startService({
      ...options,
      environments: (folder) => environments[folder] ?? ofAnyOther,
    });

    return {
      ready: {},
      answers: { inProgress: service.inProgress, lost: () => service.lost },
    };
  },
);
