import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Tables } from '../data-stack.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

interface DeadLetterAccessProps {
  readonly bus: IEventBus;
  readonly tables: Tables;
  /** Looks, and takes nothing out. */
  readonly lister: ServiceFunction;
  /** Sends again and drops. */
  readonly redriver: ServiceFunction;
}

/** Lets two functions reach every dead-letter queue that the stack has by now: one to look, one to decide. */
export const grantDeadLetterAccess = (
  scope: Construct,
  { bus, tables, lister, redriver }: DeadLetterAccessProps,
): void => {
  const deadLetterQueues = scope.node.findAll().filter((one) => one instanceof DeadLetterQueue);
  const names = deadLetterQueues.map(({ entry, queueName, sourceQueue }) => ({
    consumer: entry,
    deadLetters: queueName,
    ...(sourceQueue && { queue: sourceQueue.queueName }),
  }));

  for (const one of [lister, redriver]) {
    one
      .addEnvironment('DEAD_LETTERS', Stack.of(scope).toJsonString(names))
      .grantGet(tables.deliveries);
    // Where a stream was given up, all that is relayed is read from the tables.
    for (const table of [tables.payments, tables.refunds, tables.orders, tables.loyaltyPoints])
      one.grantGet(table).grantScan(table);
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

  redriver.grantPublish(bus).grantPut(tables.audits);
  for (const { queueArn, sourceQueue } of deadLetterQueues) {
    redriver.grantActions(['sqs:DeleteMessage'], queueArn);
    if (sourceQueue) redriver.grantActions(['sqs:SendMessage'], sourceQueue.queueArn);
  }
};
