import type { App, StackProps } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { EdgeStack } from './edge-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Endpoints, Settings } from './settings.ts';
import { SimulatorStack } from './simulator-stack.ts';
import { stages } from './stages.ts';

/** Adds the stacks of one stage. Their names contain the stage, so that one account can have several. */
export const addStacks = (app: App, settings: Settings): void => {
  const { stage, account, region } = settings;
  const profile = stages[stage];
  // CloudFormation passes the tags of a stack on to its resources, so that costs can be attributed to a stage.
  const tags: Readonly<Record<string, string>> = profile.onAws
    ? { service: 'aftercommit', stage }
    : {};
  const stackProps: StackProps = {
    tags,
    // Without both, the CLI deploys to the account and region of its credentials.
    ...(account !== undefined && region !== undefined && { env: { account, region } }),
    terminationProtection: profile.deletionProtection,
  };
  const data = new DataStack(app, `aftercommit-${stage}-data`, profile, stackProps);

  const simulatorEndpoints =
    stage === 'sandbox'
      ? new SimulatorStack(app, `aftercommit-${stage}-simulator`, profile, stackProps).endpoints
      : {};
  // The settings guarantee all three endpoints for a stage without simulators.
  const endpoints = { ...simulatorEndpoints, ...settings.endpoints } as Endpoints;

  new ServiceStack(app, `aftercommit-${stage}-service`, {
    ...stackProps,
    data,
    endpoints,
    settings,
  });
  const { edge } = settings;
  if (edge) new EdgeStack(app, `aftercommit-${stage}-edge`, { account, edge, profile, tags });
};
