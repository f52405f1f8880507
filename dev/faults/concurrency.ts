import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** Sets the reserved concurrency of a function to zero. Returns an idempotent function that sets it as before. */
export const stopFunction = async (
  { endpoint, functions }: Pick<LocalStack, 'endpoint' | 'functions'>,
  folder: string,
): Promise<() => Promise<unknown>> => {
  const lambda = new LambdaClient(localClientConfig(endpoint));
  const FunctionName = functions[folder];
  const { ReservedConcurrentExecutions: before } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  const reserve = (ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  await reserve(0);

  return () =>
    before === undefined
      ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : reserve(before);
};
