import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceNotFoundException,
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
 * them, except for those that a deployment has replaced.
 */
export const stopEventSources = async (
  endpoint: string,
  FunctionName?: string,
): Promise<() => Promise<void>> => {
  const lambda = new LambdaClient(localClientConfig(endpoint));
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ ...(FunctionName && { FunctionName }) }),
  );
  const mappings = EventSourceMappings.map(({ UUID = '' }) => UUID);
  const setEnabled = async (Enabled: boolean) => {
    await Promise.all(
      mappings.map((UUID) =>
        lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled })).catch(ignoreReplaced),
      ),
    );
  };
  await setEnabled(false);

  return () => setEnabled(true);
};

const ignoreReplaced = (error: unknown) => {
  if (!(error instanceof ResourceNotFoundException)) throw error;
};
