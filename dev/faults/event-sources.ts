import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';

/** Disables the event source mappings of the relay. Returns a function that enables them; the relay then continues. */
export const stopRelay = ({
  endpoint,
  functions,
}: Pick<LocalStack, 'endpoint' | 'functions'>): Promise<() => Promise<void>> =>
  stopEventSources(endpoint, functions['relay-changes']);

/**
 * Disables the event source mappings of a function, or of all functions. Returns an idempotent function that enables
 * those that exist then: a deployment may have replaced some.
 */
export const stopEventSources = async (
  endpoint: string,
  FunctionName?: string,
): Promise<() => Promise<void>> => {
  const lambda = new LambdaClient(localClientConfig(endpoint));
  const setEnabled = async (Enabled: boolean) => {
    const { EventSourceMappings = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ ...(FunctionName && { FunctionName }) }),
    );
    await Promise.all(
      EventSourceMappings.map(({ UUID }) =>
        lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled })),
      ),
    );
  };
  await setEnabled(false);

  return () => setEnabled(true);
};
