import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { lambda, stack } from './aws-clients.ts';

/** An environment variable of a deployed function. */
export const environmentVariable = async (folder: string, name: string): Promise<string> => {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: stack.functions[folder] }),
  );
  const value = Environment?.Variables?.[name];
  if (value === undefined) throw new Error(`${folder} has no ${name}.`);

  return value;
};
