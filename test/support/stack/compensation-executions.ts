import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { stack, stepFunctions } from './aws-clients.ts';

const { stateMachineArn } = stack;
const describeExecution = (executionArn: string | undefined) =>
  stepFunctions.send(new DescribeExecutionCommand({ executionArn }));

/** Starts the compensation of a payment as its PaymentFailed event does, and waits for the end. */
export const runCompensation = async (paymentId: string): Promise<void> => {
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ paymentId }) }),
  );
  await eventually(async () =>
    expect((await describeExecution(executionArn)).status).toBe('SUCCEEDED'),
  );
};

/** Statuses of the payment's compensation executions. */
export const compensationStatuses = async (paymentId: string): Promise<readonly string[]> => {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
  );
  const runs = await Promise.all(
    executions.map(({ executionArn }) => describeExecution(executionArn)),
  );

  return runs.filter(({ input }) => input?.includes(paymentId)).map(({ status }) => `${status}`);
};
