import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** Writes each value under exactly its name: tests and tools read them. */
export const addOutputs = (stack: Stack, values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, name, { value });
};
