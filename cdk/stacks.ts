import type { App } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Endpoints, Settings } from './settings.ts';
import { SimulatorStack } from './simulator-stack.ts';
import { stages } from './stages.ts';

/** The stacks of one stage. A stage's name is part of theirs, so that two stages live in one account. */
export const addStacks = (app: App, settings: Settings): void => {
  const { stage } = settings;
  const profile = stages[stage];
  const data = new DataStack(app, `aftercommit-${stage}-data`, profile);

  const simulatorEndpoints =
    stage === 'sandbox'
      ? new SimulatorStack(app, `aftercommit-${stage}-simulator`, profile).endpoints
      : {};
  // The settings make sure that a stage without stand-ins is given all three.
  const endpoints = { ...simulatorEndpoints, ...settings.endpoints } as Endpoints;

  new ServiceStack(app, `aftercommit-${stage}-service`, { data, endpoints, settings });
};
