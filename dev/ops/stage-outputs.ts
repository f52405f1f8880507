import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli/cli-error.ts';
import type { Outputs } from '../local/outputs.ts';

/** Reads the outputs of a stage's service stack, with the AWS credentials of the environment. */
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
