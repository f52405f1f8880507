import { setPriority } from 'node:os';
import { runChildProgram } from './child-program.ts';
import { type ServiceOptions, startService } from './service.ts';

export interface BackSettings
  extends Pick<ServiceOptions, 'plan' | 'bundles' | 'database' | 'environment'> {
  /** Environments of a function at a time, where it is not this many of any. */
  readonly environments: Readonly<Record<string, number>>;
  readonly defaultEnvironments: number;
  /** 0 to 19, as `nice` has it: how far it stands back behind the buyers' side on processors that both need. */
  readonly niceness: number;
}

/** All that happens after the commit. On AWS these are other machines than those that answer buyers. */
await runChildProgram(
  async ({ environments, defaultEnvironments: ofAnyOther, niceness, ...options }: BackSettings) => {
    setPriority(niceness);
    const service = await startService({
      ...options,
      environments: (folder) => environments[folder] ?? ofAnyOther,
    });

    return {
      ready: {},
      answers: { underWay: service.underWay, lost: () => service.lost },
    };
  },
);
