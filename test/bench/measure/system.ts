import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { localAccount, localClientConfig } from '../../../dev/local/aws.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { Form } from '../baseline/checkouts.ts';
import type { Database } from '../database/local-database.ts';
import type { BackSettings } from '../host/back-program.ts';
import type { BaselineSettings } from '../host/baseline-program.ts';
import type { ExternalSystemsSettings } from '../host/external-systems-program.ts';
import type { FrontSettings } from '../host/front-program.ts';
import { type Program, startChildHost } from '../program.ts';
import { environmentsAt } from './environments.ts';
import { balancePart, buyers, unitPrice } from './shop.ts';

/** The measured systems: the two forms of the brief's checkout, and ours. */
export type SystemName = Form | 'after';

/** A running checkout with its dependencies, ready for requests. */
export interface System {
  readonly url: string;
  readonly paymentMethod: string;
  /** Minor units of each order to take from the balance. */
  readonly balanceAmount: number;
  /** The HTTP status of an accepted payment. */
  readonly accepted: number;
  readonly buyers: number;
  /** The programs that share the processors, by name. */
  readonly programs: Readonly<Record<string, Pick<Program, 'cpuSeconds'>>>;
  readonly outside: ExternalSystemsEnvironment;
  /** The number of messages and compensations in progress. */
  inProgress(): Promise<number>;
  /** Failures and dead-lettered messages. */
  lost(): Promise<readonly string[]>;
  /** Stops the checkout: the stores do not change after it. */
  stop(): Promise<void>;
  /** Stops the other programs. */
  close(): Promise<void>;
}

type ExternalSystemsEnvironment = Readonly<
  Record<'PG_URL' | 'DATA_PLATFORM_URL' | 'NOTIFICATIONS_URL', string>
>;

export interface SystemSettings {
  readonly deployment: Deployment;
  readonly bundles: Readonly<Record<string, string>>;
  readonly database: Database;
  readonly logs: string;
  /** The response times of the external systems. */
  readonly outside: ExternalSystemsSettings;
  /** The execution environments of a function that hardly waits, such as accept-payment. */
  readonly environments: number;
  /** The execution environments of the functions that wait for an external system. */
  readonly waiting: Readonly<Record<string, number>>;
  readonly workerSlots: number;
  readonly connections: number;
}

const script = (name: string) => new URL(`../host/${name}-program.ts`, import.meta.url);

/**
 * Starts a system without any state of earlier measurements. `follows` is the rate of payments per second
 * whose time to the final status is measured: the chargers of this rate are started before the load.
 */
export const startSystem = async (
  name: SystemName,
  settings: SystemSettings,
  follows?: number,
): Promise<System> => {
  const { database, logs } = settings;
  const log = (part: string) => ({ logFile: join(logs, `${name}-${part}.log`) });
  const externalSystems = await startChildHost<{ environment: ExternalSystemsEnvironment }>(
    script('external-systems'),
    settings.outside,
    log('outside'),
  );
  const { environment } = externalSystems.ready;
  const parts =
    name === 'after'
      ? await startAfter(settings, follows, environment, log)
      : await startBefore(name, settings, environment, log);

  return {
    paymentMethod: 'sim_approve_slow',
    // One transaction has no charge, so the balance pays all.
    balanceAmount: name === 'one-transaction' ? unitPrice : balancePart,
    buyers,
    ...parts,
    outside: environment,
    programs: { ...parts.programs, outside: externalSystems, database },
    close: () => externalSystems.close(),
  };
};

type Launcher = readonly [string, ...string[]];
type Log = (part: string) => { readonly logFile: string };

const chargersAt = (perSecond: number, { deployment, outside }: SystemSettings) => {
  const { 'charge-payment': chargers = 0 } = environmentsAt(perSecond, deployment, outside);

  return { 'charge-payment': chargers };
};

/** Runs only if no other program needs the processors; where `chrt` is missing, with the lowest priority of `nice`. */
const atIdlePriority: Launcher =
  spawnSync('chrt', ['--idle', '0', 'true']).status === 0
    ? ['chrt', '--idle', '0']
    : ['nice', '-n', '19'];
/** Yields to the buyers' side, but not to the effects. */
const atLowPriority: Launcher = ['nice', '-n', '10'];

const startAfter = async (
  settings: SystemSettings,
  follows: number | undefined,
  environment: ExternalSystemsEnvironment,
  log: Log,
) => {
  const { deployment, bundles, database, environments, waiting } = settings;
  const service = { deployment, bundles, database: database.endpoint, environment };
  const startBack = (
    launcher: Launcher,
    own: Pick<BackSettings, 'part' | 'warm' | 'otherConsumers'>,
  ) =>
    startChildHost<{ url: string }>(
      script('back'),
      {
        ...service,
        environments: waiting,
        defaultEnvironments: environments,
        ...own,
      } satisfies BackSettings,
      { ...log(own.part), launcher },
    );
  const effects = await startBack(atIdlePriority, { part: 'effects', warm: {} });
  const back = await startBack(follows === undefined ? atIdlePriority : atLowPriority, {
    part: 'payments',
    otherConsumers: effects.ready.url,
    warm: follows === undefined ? {} : chargersAt(follows, settings),
  });
  const backs = [back, effects];
  const front = await startChildHost<{ url: string }>(
    script('front'),
    { ...service, environments } satisfies FrontSettings,
    log('front'),
  );

  return {
    url: front.ready.url,
    accepted: 202,
    programs: { front, back, effects },
    inProgress: async () => {
      const counts = await Promise.all(backs.map((one) => one.request<number>('inProgress')));

      return counts.reduce((sum, count) => sum + count, 0);
    },
    lost: async () =>
      (await Promise.all(backs.map((one) => one.request<readonly string[]>('lost')))).flat(),
    stop: async () => {
      for (const one of [front, ...backs]) await one.close();
    },
  };
};

const startBefore = async (
  form: Form,
  settings: SystemSettings,
  environment: ExternalSystemsEnvironment,
  log: Log,
) => {
  const { deployment, database, workerSlots, connections } = settings;
  const { credentials } = localClientConfig(database.endpoint);
  const server = await startChildHost<{ url: string }>(
    script('baseline'),
    {
      form,
      workerSlots,
      connections,
      environment: {
        // The table names of our functions, and the timings of the same stage.
        ...Object.assign({}, ...deployment.functions.map((one) => one.environment)),
        ...environment,
        AWS_ENDPOINT_URL: database.endpoint,
        AWS_REGION: localAccount.region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        POWERTOOLS_SERVICE_NAME: form,
      },
    } satisfies BaselineSettings,
    log('server'),
  );

  return {
    url: server.ready.url,
    accepted: 200,
    programs: { front: server },
    inProgress: async () => 0,
    lost: async () => [],
    stop: () => server.close(),
  };
};
