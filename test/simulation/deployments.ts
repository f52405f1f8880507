import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';
import { returnPage } from './people/shop.ts';
import type { Stage } from './run-record.ts';

const contextOf: Readonly<Record<Stage, Readonly<Record<string, string>>>> = {
  local: contexts.local,
  // The people of a simulation pay; a canary would pay besides, at times of its own.
  sandbox: {
    ...contexts.sandbox,
    returnOrigins: new URL(returnPage).origin,
    canaryPayments: 'off',
  },
};

/** The deployment that a run simulates, as CDK synthesizes it. */
export const deploymentOf = (stage: Stage) => readDeployment(stage, contextOf[stage]);
