import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli/cli-error.ts';
import type { Outputs } from '../local/outputs.ts';

/** What the service stack of a stage put out, in the account that the environment's AWS credentials open. */
export const readStageOutputs = async (stage: string): Promise<Outputs> => {
  const StackName = `aftercommit-${stage}-service`;
  const { Stacks = [] } = await new CloudFormationClient()
    .send(new DescribeStacksCommand({ StackName }))
    .catch((error: Error) => {
      throw new CliError(
        `Stack ${StackName} cannot be read (${error.message}): check the AWS credentials and the region, or deploy it first.`,
      );
    });
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
    OutputKey,
    OutputValue,
  ]);

  return Object.fromEntries(outputs);
};
