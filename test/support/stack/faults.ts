import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { stopFunction } from '../../../dev/faults/concurrency.ts';
import type { PaymentStatus } from '../../../shared/domain/payments/payment.ts';
import { eventually } from '../eventually.ts';
import { lambda, stack } from './aws-clients.ts';

/** Runs `work` while a function has this timeout in seconds. */
export const withTimeout = async <T>(
  folder: string,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> => {
  const FunctionName = stack.functions[folder];
  const { Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const end = (after: number | undefined) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: after }));
  await end(seconds);
  try {
    return await work();
  } finally {
    await end(Timeout);
  }
};

/** Runs `work` while every invocation of a function is throttled. */
export const withThrottling = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const start = await stopFunction(stack, folder);
  try {
    return await work();
  } finally {
    await start();
  }
};

/** Runs `work` while a function has the name of a missing table, so that all its calls to that table fail. */
export const withoutTable = async <T>(
  folder: string,
  table: `${string}_TABLE`,
  work: () => Promise<T>,
): Promise<T> => {
  const FunctionName = stack.functions[folder];
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const configure = async (Variables: Record<string, string> = {}) => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
  };
  await configure({ ...Environment?.Variables, [table]: 'no-such-table' });
  try {
    return await work();
  } finally {
    await configure(Environment?.Variables);
  }
};

/** Runs `work` while no stock can be restored: neither in one transaction nor by its step. */
export const withFailingStockRestore = <T>(work: () => Promise<T>): Promise<T> =>
  withoutTable('compensate-payment', 'PRODUCTS_TABLE', () =>
    withoutTable('restore-stock', 'PRODUCTS_TABLE', work),
  );

interface DroppedRecord {
  readonly paymentId: string;
  /** Status in the record's new image. */
  readonly status: PaymentStatus;
}

/** Runs `work` while the relay's event source mapping drops these stream records. */
export const withDroppedRecords = async <T>(
  dropped: readonly DroppedRecord[],
  work: () => Promise<T>,
): Promise<T> => {
  const { UUID, FilterCriteria } = await findRelayMapping();
  const filter = async (criteria: EventSourceMappingConfiguration['FilterCriteria']) => {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, FilterCriteria: criteria }));
    await eventually(async () =>
      expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
        State: 'Enabled',
      }),
    );
  };
  await filter({
    Filters: filtersExcluding(dropped).map((pattern) => ({ Pattern: JSON.stringify(pattern) })),
  });
  try {
    return await work();
  } finally {
    await filter(FilterCriteria);
  }
};

/** Filter patterns that match every record except the dropped ones. */
const filtersExcluding = (lost: readonly DroppedRecord[]) => {
  const eventName = ['INSERT', 'MODIFY'];
  const ids = lost.map(({ paymentId }) => paymentId);

  return [
    { eventName, dynamodb: { NewImage: { paymentId: { S: [{ 'anything-but': ids }] } } } },
    ...lost.map(({ paymentId, status }) => ({
      eventName,
      dynamodb: {
        NewImage: { paymentId: { S: [paymentId] }, status: { S: [{ 'anything-but': [status] }] } },
      },
    })),
  ];
};

const findRelayMapping = async () => {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: stack.functions['relay-changes'] }),
  );
  const mapping = EventSourceMappings.find(({ EventSourceArn }) =>
    EventSourceArn?.includes(`table/${stack.tables.payments}/`),
  );
  if (mapping === undefined) throw new Error('The relay does not follow the payments.');

  return mapping;
};
