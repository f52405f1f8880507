import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** Disables the event source mappings of the relay. Returns a function that enables them; the relay then continues. */
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
