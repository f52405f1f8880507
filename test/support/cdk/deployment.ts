import type { StageName } from '../../../cdk/stages.ts';
import { checkReferences } from './deployment/check-references.ts';
import type { Deployment } from './deployment/deployed-resources.ts';
import { readRules } from './deployment/event-rules.ts';
import { readConsumers, readStreams } from './deployment/event-sources.ts';
import { readFunctions } from './deployment/functions.ts';
import { readQueues } from './deployment/queues.ts';
import { readRoutes, readThrottle } from './deployment/routes.ts';
import { readSchedules } from './deployment/schedules.ts';
import { readStateMachines } from './deployment/state-machines.ts';
import { readTables, readTimeToLive } from './deployment/tables.ts';
import { type Synthesis, synthesize } from './synthesis.ts';

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
