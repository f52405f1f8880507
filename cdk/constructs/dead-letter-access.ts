import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Tables } from '../data-stack.ts';
import { DeadLetters } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

interface DeskProps {
  readonly bus: IEventBus;
  readonly tables: Tables;
  /** Looks, and takes nothing out. */
  readonly lists: ServiceFunction;
  /** Sends again and drops. */
  readonly redrives: ServiceFunction;
}

/** Lets two functions reach every dead-letter queue that the stack has by now: one to look, one to decide. */
export const openDesk = (scope: Construct, { bus, tables, lists, redrives }: DeskProps): void => {
  const stations = scope.node.findAll().filter((one) => one instanceof DeadLetters);
  const names = stations.map(({ entry, queueName, source }) => ({
    consumer: entry,
    deadLetters: queueName,
    ...(source && { queue: source.queueName }),
  }));

  for (const one of [lists, redrives]) {
    one
      .addEnvironment('DEAD_LETTERS', Stack.of(scope).toJsonString(names))
      .mayGet(tables.deliveries);
    // Where a stream was given up, all that is relayed is read from the tables.
    for (const table of [tables.payments, tables.refunds, tables.orders, tables.loyaltyPoints])
      one.mayGet(table).mayScan(table);
    for (const { queueArn, source } of stations) {
      one.may(
        [
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
        ],
        queueArn,
      );
      if (source) one.may(['sqs:GetQueueUrl'], source.queueArn);
    }
  }

  redrives.mayPublish(bus).mayPut(tables.audits);
  for (const { queueArn, source } of stations) {
    redrives.may(['sqs:DeleteMessage'], queueArn);
    if (source) redrives.may(['sqs:SendMessage'], source.queueArn);
  }
};
