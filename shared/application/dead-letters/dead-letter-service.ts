import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { Audits } from '../../persistence/audit-log.ts';
import { isDeliveredIn } from '../../persistence/delivery-repository.ts';
import { paymentsIn } from '../../persistence/payment-repository.ts';
import { refundsIn } from '../../persistence/refund-repository.ts';
import { committedIn } from '../../persistence/stored-items.ts';
import { examineBy } from './classify-message.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { survey } from './inspect-queues.ts';
import { type Order, type Result, redriveBy, type Station } from './redrive.ts';

/** The queues of one consumer, by name. */
export interface StationNames {
  readonly consumer: string;
  readonly deadLetters: string;
  readonly queue?: string | undefined;
}

interface Desk {
  readonly db: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly tables: Readonly<
    Record<'payments' | 'refunds' | 'orders' | 'loyaltyPoints' | 'deliveries', string>
  >;
  readonly stations: readonly StationNames[];
  readonly clock: Clock;
}

interface Hands {
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  readonly audits: Audits;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Where an operator looks at dead letters and decides what becomes of them. */
export const deskOf = ({ db, sqs, tables, stations, clock }: Desk) => {
  const urlOf = async (QueueName: string): Promise<string> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
  const opened = async ({ consumer, deadLetters, queue }: StationNames): Promise<Station> => ({
    consumer,
    letters: deadLetterQueue(sqs, await urlOf(deadLetters)),
    ...(queue && { queueUrl: await urlOf(queue) }),
  });
  const examine = examineBy({
    payments: paymentsIn(db, tables.payments),
    refunds: refundsIn(db, tables.refunds),
    isDelivered: isDeliveredIn(db, tables.deliveries),
    committed: committedIn(db, {
      payment: tables.payments,
      refund: tables.refunds,
      order: tables.orders,
      earning: tables.loyaltyPoints,
    }),
  });

  return {
    consumers: stations.map(({ consumer }) => consumer),

    /** Of every consumer, or of one alone; `most` letters of each. */
    survey: async (most: number, only?: string) => {
      const asked = stations.filter(({ consumer }) => (only ?? consumer) === consumer);

      return survey(await Promise.all(asked.map(opened)), examine, most);
    },

    /** Carries out orders about a consumer that is one of `consumers`. */
    redriver: ({ publish, audits, pause }: Hands) => {
      const audit = ({ action, consumer, who, why }: Order, result: Result) =>
        audits.keep({
          at: clock.now().toISOString(),
          who,
          why,
          action,
          subject: result.messageId,
          detail: { consumer, ...result },
        });
      const now = () => clock.now().getTime();
      const redrive = redriveBy({ examine, publish, audit, pause, now });

      return async (order: Order): Promise<readonly Result[]> => {
        const station = stations.find(({ consumer }) => consumer === order.consumer);
        if (station === undefined) throw new Error(`${order.consumer} has no dead letters.`);

        return redrive(await opened(station), order);
      };
    },
  };
};
