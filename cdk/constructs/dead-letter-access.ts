import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { ServiceTable } from './aggregate-table.ts';
import { findDeadLetterQueues } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

interface DeadLetterAccessProps {
  readonly bus: IEventBus;
  /** The tables whose changes the relay publishes. */
  readonly relayedTables: readonly ServiceTable[];
  readonly deliveries: ServiceTable;
  readonly audits: ServiceTable;
  /** Reads messages and deletes none. */
  readonly lister: ServiceFunction;
  /** Redrives and deletes messages. */
  readonly redriver: ServiceFunction;
}

/** Grants two functions access to every dead-letter queue that the stack already has. Call it after adding all queues. */
export const grantDeadLetterAccess = (
  scope: Construct,
  { bus, relayedTables, deliveries, audits, lister, redriver }: DeadLetterAccessProps,
): void => {
  const deadLetterQueues = findDeadLetterQueues(scope);
  const names = deadLetterQueues.map(({ entry, queueName, sourceQueue }) => ({
    consumer: entry,
    deadLetters: queueName,
    ...(sourceQueue && { queue: sourceQueue.queueName }),
  }));

  for (const one of [lister, redriver]) {
    one.addEnvironment('DEAD_LETTERS', Stack.of(scope).toJsonString(names)).grantGet(deliveries);
    for (const table of relayedTables) one.grantGet(table);
    for (const { queueArn, sourceQueue } of deadLetterQueues) {
      one.grantActions(
        [
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
        ],
        queueArn,
      );
      if (sourceQueue) one.grantActions(['sqs:GetQueueUrl'], sourceQueue.queueArn);
    }
  }

  redriver.grantPublish(bus).grantPut(audits);
  // To replay a batch that the relay gave up, it reads the records from the stream, or the items from the table.
  for (const table of relayedTables) {
    redriver.grantScan(table);
    redriver.grantActions(
      ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      table.requiredStreamArn,
    );
  }
  for (const { queueArn, sourceQueue } of deadLetterQueues) {
    redriver.grantActions(['sqs:DeleteMessage'], queueArn);
    if (sourceQueue) redriver.grantSendOnly(sourceQueue);
  }
  // It stores in the message of a batch what is done.
  for (const queue of deadLetterQueues.filter(({ entry }) => entry === 'relay-failures'))
    redriver.grantSendOnly(queue);
};
