import { runChildProgram } from './child-program.ts';
import { type ServiceOptions, startService } from './service.ts';

export interface BackSettings
  extends Pick<
    ServiceOptions,
    'deployment' | 'bundles' | 'database' | 'environment' | 'otherConsumers'
  > {
  /** Whether it runs the consumers whose effect no payment waits for, or everything else after the commit. */
  readonly part: 'payments' | 'effects';
  /** The maximum environments of single functions, if different from the default. */
  readonly environments: Readonly<Record<string, number>>;
  readonly defaultEnvironments: number;
  /** The environments of single functions that start before the first payment. */
  readonly warm: Readonly<Record<string, number>>;
}

/** No payment waits for these: they consume the events of its final status. */
const consumersOfEffects = [
  'send-to-data-platform',
  'notify-buyer',
  'update-ranking',
  'add-loyalty-points',
];

/** A part of what comes after the commit. On AWS it runs on other machines than the functions behind the API. */
await runChildProgram(async (settings: BackSettings) => {
  const { part, environments, defaultEnvironments, warm, ...options } = settings;
  const service = await startService({
    ...options,
    runs: (folder) => consumersOfEffects.includes(folder) === (part === 'effects'),
    environments: (folder) => environments[folder] ?? defaultEnvironments,
  });
  for (const [folder, count] of Object.entries(warm)) await service.warm(folder, count);

  return {
    ready: { url: service.url },
    answers: { inProgress: service.inProgress, lost: () => service.lost },
  };
});
