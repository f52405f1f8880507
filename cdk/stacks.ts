import type { App } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Endpoints, Settings } from './settings.ts';
import { SimulatorStack } from './simulator-stack.ts';
import { stages } from './stages.ts';

/** Adds the stacks of one stage. Their names contain the stage, so that one account can have several. */
export const addStacks = (app: App, settings: Settings): void => {
  const { stage } = settings;
  const profile = stages[stage];
  const data = new DataStack(app, `aftercommit-${stage}-data`, profile);

  const simulatorEndpoints =
    stage === 'sandbox'
      ? new SimulatorStack(app, `aftercommit-${stage}-simulator`, profile).endpoints
      : {};
  // The settings guarantee all three endpoints for a stage without simulators.
  const endpoints = { ...simulatorEndpoints, ...settings.endpoints } as Endpoints;

  new ServiceStack(app, `aftercommit-${stage}-service`, { data, endpoints, settings });
};
