import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { StageName } from '../../../cdk/stages.ts';
import { checkReferences } from './deployment/check-references.ts';
import { type DeployedRule, readRules } from './deployment/event-rules.ts';
import {
  type DeployedConsumer,
  type DeployedStream,
  readConsumers,
  readStreams,
} from './deployment/event-sources.ts';
import { type DeployedFunction, readFunctions } from './deployment/functions.ts';
import { type DeployedQueue, readQueues } from './deployment/queues.ts';
import {
  type DeployedRoute,
  readRoutes,
  readThrottle,
  type Throttle,
} from './deployment/routes.ts';
import { type DeployedSchedule, readSchedules } from './deployment/schedules.ts';
import { readStateMachines, type StateMachineDefinition } from './deployment/state-machines.ts';
import { readTables, readTimeToLive } from './deployment/tables.ts';
import { type Synthesis, synthesize } from './synthesis.ts';

/**
 * The deployed resources that decide how messages and calls move, by the names of their constructs. It is plain data,
 * so that a bench can send it to another process.
 */
export interface Deployment {
  readonly tables: readonly CreateTableCommandInput[];
  /** The attribute with an item's expiry in seconds since the epoch, by table. Most tables have none. */
  readonly timeToLive: Readonly<Record<string, string>>;
  readonly functions: readonly DeployedFunction[];
  readonly streams: readonly DeployedStream[];
  /** All queues, also dead-letter queues. */
  readonly queues: readonly DeployedQueue[];
  readonly consumers: readonly DeployedConsumer[];
  /** The event bus that the functions publish on. */
  readonly bus: string;
  readonly rules: readonly DeployedRule[];
  readonly schedules: readonly DeployedSchedule[];
  /** Definitions by name, in the Amazon States Language; a task names its function's folder. */
  readonly stateMachines: Readonly<Record<string, StateMachineDefinition>>;
  /** The routes of the service's HTTP API. */
  readonly routes: readonly DeployedRoute[];
  readonly throttle?: Throttle | undefined;
}

const cache = new Map<string, Deployment>();

/**
 * Reads the deployment of a stage from the synthesized templates, so that benches and simulation run what is deployed.
 * The first call for a stage and context synthesizes; later calls return the same object.
 */
export const readDeployment = (
  stage: StageName,
  context: Readonly<Record<string, string>> = {},
): Deployment => {
  const key = JSON.stringify([stage, context]);
  const deployment = cache.get(key) ?? deploymentOf(synthesize({ stage, ...context }));
  cache.set(key, deployment);

  return deployment;
};

/** The deployment that templates describe. Throws an error that names a reference to a resource they do not have. */
export const deploymentOf = (synthesis: Synthesis): Deployment => {
  const [bus, ...others] = synthesis.all('AWS::Events::EventBus');
  if (bus === undefined || others.length > 0) throw new Error('The stacks need one event bus.');

  const deployment = {
    tables: readTables(synthesis),
    timeToLive: readTimeToLive(synthesis),
    functions: readFunctions(synthesis),
    streams: readStreams(synthesis),
    queues: readQueues(synthesis),
    consumers: readConsumers(synthesis),
    bus: bus.name,
    rules: readRules(synthesis),
    schedules: readSchedules(synthesis),
    stateMachines: readStateMachines(synthesis),
    routes: readRoutes(synthesis),
    throttle: readThrottle(synthesis),
  };
  checkReferences(deployment);

  return deployment;
};
