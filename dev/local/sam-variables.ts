import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { localClientConfig } from './aws.ts';
import type { LocalStack } from './stack-descriptor.ts';

type Variables = Readonly<Record<string, string>>;

/** What each deployed function has in its environment, by its construct's id: the file that SAM's `--env-vars` names. */
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
