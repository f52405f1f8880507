import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** Stops the relay: it is told of no change of any table. The answer lets it go on where it stopped. */
export const stopRelay = async ({
  endpoint,
  functions,
}: Pick<LocalStack, 'endpoint' | 'functions'>): Promise<() => Promise<void>> => {
  const lambda = new LambdaClient(localClientConfig(endpoint));
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: functions['relay-changes'] }),
  );
  const mappings = EventSourceMappings.map(({ UUID = '' }) => UUID);
  const setEnabled = async (Enabled: boolean) => {
    await Promise.all(
      mappings.map((UUID) => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))),
    );
  };
  await setEnabled(false);

  return () => setEnabled(true);
};
