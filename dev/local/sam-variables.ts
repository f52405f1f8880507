import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { localClientConfig } from './aws.ts';
import type { LocalStack } from './stack-descriptor.ts';

type Variables = Readonly<Record<string, string>>;

/** The environment of each deployed function by construct id, for the `--env-vars` file of SAM. */
export const samVariables = async ({
  endpoint,
  functions,
}: LocalStack): Promise<Readonly<Record<string, Variables>>> => {
  const lambda = new LambdaClient(localClientConfig(endpoint));
  const variables = Object.entries(functions).map(async ([folder, FunctionName]) => {
    const { Environment } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );

    return [pascalCase(folder), Environment?.Variables ?? {}] as const;
  });

  return Object.fromEntries(await Promise.all(variables));
};
