import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { auditsIn } from '../data/audits.ts';
import { changedPaymentsIn } from '../data/changed-payments.ts';
import { isDeliveredIn } from '../data/deliveries.ts';
import { paymentsIn } from '../data/payments.ts';
import { refundsIn } from '../data/refunds.ts';
import type { Clock } from '../domain/clock.ts';
import { publisher } from '../runtime/bus.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { examineBy } from './examine.ts';
import { type Order, type Result, redriveBy, type Station } from './redrive.ts';
import { survey } from './survey.ts';

/** The queues of one consumer, by name. */
export interface StationNames {
  readonly consumer: string;
  readonly deadLetters: string;
  readonly queue?: string;
}

interface Desk {
  readonly db: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly bus: EventBridgeClient;
  readonly tables: Readonly<Record<'payments' | 'refunds' | 'deliveries' | 'audits', string>>;
  readonly busName: string;
  readonly stations: readonly StationNames[];
  readonly clock: Clock;
  readonly keyLifetimeMs: number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Where an operator looks at dead letters and decides what becomes of them: the same for the API and the command line. */
export const deskOf = (desk: Desk) => {
  const { db, sqs, bus, tables, busName, clock, keyLifetimeMs, pause } = desk;
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
    changedBetween: changedPaymentsIn(db, tables.payments),
    clock,
    keyLifetimeMs,
  });
  const audits = auditsIn(db, tables.audits);
  const audit = ({ action, consumer, who, why }: Order, result: Result) => {
    const at = clock.now().toISOString();

    return audits.keep({
      at,
      who,
      why,
      action,
      subject: result.messageId,
      detail: { consumer, ...result },
    });
  };
  const redrive = redriveBy({
    examine,
    publish: publisher(bus, busName),
    audit,
    pause,
    now: () => clock.now().getTime(),
  });

  return {
    consumers: desk.stations.map(({ consumer }) => consumer),

    survey: async (most: number) =>
      survey(await Promise.all(desk.stations.map(opened)), examine, most),

    /** Of a consumer that is one of `consumers`. */
    async redrive(order: Order): Promise<readonly Result[]> {
      const station = desk.stations.find(({ consumer }) => consumer === order.consumer);
      if (station === undefined) throw new Error(`${order.consumer} has no dead letters.`);

      return redrive(await opened(station), order);
    },
  };
};
