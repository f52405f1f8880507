import { join } from 'node:path';
import { localAccount, localClientConfig } from '../../../dev/local/aws.ts';
import type { Form } from '../baseline/checkouts.ts';
import type { Database } from '../database/database.ts';
import type { BackSettings } from '../host/back-program.ts';
import type { BaselineSettings } from '../host/baseline-program.ts';
import type { OutsideSettings } from '../host/external-systems-program.ts';
import type { FrontSettings } from '../host/front-program.ts';
import type { Plan } from '../host/plan.ts';
import { type ChildHost, type Program, startChildHost } from '../program.ts';
import { buyers } from './shop.ts';

/** What is measured: the two forms of the brief's checkout, and ours. */
export type SystemName = Form | 'after';

export const systemNames: readonly SystemName[] = ['synchronous', 'one-transaction', 'after'];

/** A checkout with all that it needs, ready for its first request. */
export interface System {
  readonly url: string;
  readonly paymentMethod: string;
  /** The status of a payment that went well. */
  readonly accepted: number;
  readonly buyers: number;
  /** The parts that share the processors, by name. */
  readonly programs: Readonly<Record<string, Pick<Program, 'cpuSeconds'>>>;
  readonly outside: Outside;
  /** Messages and compensations that are under way. */
  underWay(): Promise<number>;
  /** What ended where nobody looks after it. */
  lost(): Promise<readonly string[]>;
  /** Ends the checkout itself: from then on the books stand still. */
  stop(): Promise<void>;
  /** Ends the rest. */
  close(): Promise<void>;
}

type Outside = Readonly<Record<'PG_URL' | 'DATA_PLATFORM_URL' | 'NOTIFICATIONS_URL', string>>;

export interface SystemSettings {
  readonly plan: Plan;
  readonly bundles: Readonly<Record<string, string>>;
  readonly database: Database;
  readonly logs: string;
  /** How long the systems outside take. */
  readonly outside: OutsideSettings;
  /** Execution environments of accept-payment. */
  readonly environments: number;
  /** Execution environments of charge-payment, each with up to ten charges in flight. */
  readonly chargers: number;
  readonly workerSlots: number;
  readonly connections: number;
}

const script = (name: string) => new URL(`../host/${name}-program.ts`, import.meta.url);

/** Starts a system on an empty machine: nothing of an earlier measure is left in it. */
export const startSystem = async (name: SystemName, settings: SystemSettings): Promise<System> => {
  const { database, logs } = settings;
  const log = (part: string) => ({ logFile: join(logs, `${name}-${part}.log`) });
  const outside = await startChildHost<{ environment: Outside }>(
    script('outside'),
    settings.outside,
    log('outside'),
  );
  const { environment } = outside.ready;
  const parts =
    name === 'after'
      ? await startAfter(settings, environment, log)
      : await startBefore(name, settings, environment, log);

  return {
    paymentMethod: 'sim_approve_slow',
    buyers,
    ...parts,
    outside: environment,
    programs: { ...parts.programs, outside, database },
    close: () => outside.close(),
  };
};

type Log = (part: string) => { readonly logFile: string };

const startAfter = async (settings: SystemSettings, environment: Outside, log: Log) => {
  const { plan, bundles, database, environments, chargers } = settings;
  const service = { plan, bundles, database: database.endpoint, environment };
  const back: ChildHost<object> = await startChildHost(
    script('back'),
    {
      ...service,
      environments: { 'charge-payment': chargers },
      defaultEnvironments: 16,
      niceness: 19,
    } satisfies BackSettings,
    log('back'),
  );
  const front = await startChildHost<{ url: string }>(
    script('front'),
    { ...service, environments } satisfies FrontSettings,
    log('front'),
  );

  return {
    url: front.ready.url,
    accepted: 202,
    programs: { front, back },
    underWay: () => back.ask<number>('underWay'),
    lost: () => back.ask<readonly string[]>('lost'),
    stop: async () => {
      await front.close();
      await back.close();
    },
  };
};

const startBefore = async (form: Form, settings: SystemSettings, outside: Outside, log: Log) => {
  const { plan, database, workerSlots, connections } = settings;
  const { credentials } = localClientConfig(database.endpoint);
  const server = await startChildHost<{ url: string }>(
    script('baseline'),
    {
      form,
      workerSlots,
      connections,
      environment: {
        // Every table by the name that our functions know it by, and the times of the same stage.
        ...Object.assign({}, ...plan.functions.map((one) => one.environment)),
        ...outside,
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
    underWay: async () => 0,
    lost: async () => [],
    stop: () => server.close(),
  };
};
