import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Database } from '../../config/platform.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { Clock } from '../../domain/time.ts';
import { type AuditLog, auditActorOf } from '../../persistence/audit-log.ts';
import { createIsDelivered } from '../../persistence/delivery-repository.ts';
import { createPaymentRepository } from '../../persistence/payment-repository.ts';
import { createRefundRepository } from '../../persistence/refund-repository.ts';
import { createStoredItemReader } from '../../persistence/stored-items.ts';
import type { StreamReader } from '../../persistence/stream-reader.ts';
import { createMessageClassifier } from './classify-message.ts';
import { createDeadLetterQueue } from './dead-letter-queue.ts';
import { inspectQueues } from './inspect-queues.ts';
import type { QueueNames } from './queue-names.ts';
import { createBatchReader } from './read-failed-batch.ts';
import {
  createRedrive,
  type DeadLetterSource,
  type RedriveRequest,
  type RedriveResult,
} from './redrive.ts';

interface DeadLetterServiceConfig {
  readonly db: Database;
  readonly sqs: SQSClient;
  readonly tables: Readonly<
    Record<'payments' | 'refunds' | 'orders' | 'loyaltyPoints' | 'deliveries', string>
  >;
  readonly queues: readonly QueueNames[];
  readonly clock: Clock;
}

interface RedriveDependencies {
  readonly streams: StreamReader;
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  readonly auditLog: AuditLog;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Inspects dead-letter queues, and redrives or deletes their messages, for an operator. */
export const createDeadLetterService = ({
  db,
  sqs,
  tables,
  queues,
  clock,
}: DeadLetterServiceConfig) => {
  const urlOf = async (QueueName: string): Promise<string> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
  const resolveQueues = async ({
    consumer,
    deadLetters,
    queue,
  }: QueueNames): Promise<DeadLetterSource> => ({
    consumer,
    deadLetters: createDeadLetterQueue(sqs, await urlOf(deadLetters)),
    ...(queue && { sourceQueueUrl: await urlOf(queue) }),
  });
  const storedItems = createStoredItemReader(db, {
    payment: tables.payments,
    refund: tables.refunds,
    order: tables.orders,
    points: tables.loyaltyPoints,
  });
  const classifyMessage = createMessageClassifier({
    payments: createPaymentRepository(db, tables.payments),
    refunds: createRefundRepository(db, tables.refunds),
    isDelivered: createIsDelivered(db, tables.deliveries),
    storedItems,
  });

  return {
    consumers: queues.map(({ consumer }) => consumer),

    /** Reports the queues of all consumers, or of one; samples up to `limit` messages of each. */
    inspectQueues: async (limit: number, consumerName?: string) => {
      const selected = queues.filter(({ consumer }) => (consumerName ?? consumer) === consumer);

      return inspectQueues(await Promise.all(selected.map(resolveQueues)), classifyMessage, limit);
    },

    /**
     * Creates the function that executes redrive requests. It throws for a consumer without a dead-letter
     * queue.
     */
    createRedrive: ({ streams, publish, auditLog, sleep }: RedriveDependencies) => {
      const audit = (
        { action, consumer, operator, reason }: RedriveRequest,
        result: RedriveResult,
      ) =>
        auditLog.append({
          at: clock.now().toISOString(),
          ...auditActorOf(operator),
          reason,
          action,
          subject: result.messageId,
          detail: { consumer, ...result },
        });
      const now = () => clock.now().getTime();
      const readBatch = createBatchReader({ streams, storedItems });
      const redrive = createRedrive({ classifyMessage, readBatch, publish, audit, sleep, now });

      return async (request: RedriveRequest): Promise<readonly RedriveResult[]> => {
        const names = queues.find(({ consumer }) => consumer === request.consumer);
        if (names === undefined) throw new Error(`${request.consumer} has no dead-letter queue.`);

        return redrive(await resolveQueues(names), request);
      };
    },
  };
};
