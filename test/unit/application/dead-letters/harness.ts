import type {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  type DynamoDBDocumentClient,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDeadLetterService } from '../../../../shared/application/dead-letters/dead-letter-service.ts';
import type { RedriveRequest } from '../../../../shared/application/dead-letters/redrive.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  type PaymentEventName,
  replayPaymentEvent,
} from '../../../../shared/domain/payments/payment-events.ts';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { type AuditEntry, createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { pointsEntry } from '../../../../shared/persistence/dynamodb/keys.ts';
import { createStreamReader } from '../../../../shared/persistence/stream-reader.ts';
import { StreamLog } from '../../../simulation/aws/stream-log.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { MemorySqs } from '../../../support/fakes/memory-sqs.ts';

export const consumers = Object.keys(subscriptions) as (keyof typeof subscriptions)[];

/** Dead-letter queues without a source queue. */
export const consumersWithoutQueue = [
  'compensation-undelivered',
  'relay-undeliverable',
  'relay-failures',
  'sweep-undelivered',
  'backlog-undelivered',
  'canary-undelivered',
] as const;

const keys = {
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Orders: ['orderId'],
  LoyaltyPoints: ['userId', 'entry'],
  Deliveries: ['eventId', 'consumer'],
  Audits: ['day', 'entry'],
};

const paid = aPaidOrder({ orderId: 'ord_paid', userId: 'alice' });
const requestedRefund = aRefund(paid, { amount: 1_000 }, 'rfd_requested');
const entry = pointsEntry.payment('pay_paid');

/** The stored items, by what happened to them. */
export const stored = {
  reserved: aPayment({ paymentId: 'pay_reserved' }),
  claimed: afterTransitions(aPayment({ paymentId: 'pay_claimed' }), 'claimed'),
  unknown: afterTransitions(aPayment({ paymentId: 'pay_unknown' }), 'claimed', 'outcomeUnknown'),
  found: afterTransitions(
    aPayment({ paymentId: 'pay_found' }),
    'claimed',
    'outcomeUnknown',
    'captured',
  ),
  completed: afterTransitions(aPayment({ paymentId: 'pay_completed' }), 'claimed', 'captured'),
  failed: afterTransitions(aPayment({ paymentId: 'pay_failed' }), 'claimed', 'declined'),
  started: afterTransitions(
    aPayment({ paymentId: 'pay_started' }),
    'claimed',
    'declined',
    'compensationStarted',
  ),
  compensated: afterTransitions(
    aPayment({ paymentId: 'pay_compensated' }),
    'claimed',
    'declined',
    'compensated',
  ),
  reviewed: afterTransitions(aPayment({ paymentId: 'pay_reviewed' }), 'claimed', 'reviewOpened'),
  partlyRefunded: requestedRefund.payment,
  refund: requestedRefund.refund,
  settled: applyRefundSuccess(aRefund(paid, { amount: 500 }, 'rfd_settled'), refundSuccess).refund,
  order: { ...anOrder({ orderId: 'ord_gone' }), status: 'CANCELLED', version: 3 },
  earning: {
    ...{ userId: 'alice', entry, paymentId: 'pay_paid', paymentVersion: 5, points: 25 },
    ...{ version: 2, at: later(60).toISOString() },
    history: [
      { at: later(1).toISOString(), paymentVersion: 3, points: 30 },
      { at: later(60).toISOString(), paymentVersion: 5, points: 25 },
    ],
  },
} as const;

/** Throws if a call is to fail. */
type Fault = (call: 'publish' | 'table' | 'queue', of: unknown) => void;

/** A dead-letter service for every queue, on in-memory tables and queues. */
export const createDeadLetterHarness = (
  now = later(120),
  fault: Fault = () => undefined,
  /** Answers the scans in place of the stored items. */
  scan?: (input: ScanCommandInput) => object,
) => {
  const tables = new MemoryDynamo(keys);
  const queues = new MemorySqs();
  const streamLog = new StreamLog(() => now.getTime());
  const send = async (command: unknown) =>
    command instanceof ScanCommand && scan ? scan(command.input) : tables.send(command);
  const db = { send: withFault({ send }, (command) => fault('table', command)) };
  const sqs = { send: withFault(queues, (command) => fault('queue', command)) };
  const { refund, settled, order, earning, ...payments } = stored;
  for (const payment of Object.values(payments)) tables.put('Payments', payment);
  for (const one of [refund, settled]) tables.put('Refunds', one);
  tables.put('Orders', order);
  tables.put('LoyaltyPoints', earning);
  const published: { id: string; redrives: number }[] = [];
  const delays: number[] = [];
  const service = createDeadLetterService({
    db: createDatabase(db as unknown as DynamoDBDocumentClient),
    sqs: sqs as unknown as SQSClient,
    tables: tableNames,
    queues: [
      ...consumers.map((consumer) => ({
        consumer,
        deadLetters: deadLetterQueueOf(consumer),
        queue: consumer,
      })),
      ...consumersWithoutQueue.map((consumer) => ({
        consumer,
        deadLetters: deadLetterQueueOf(consumer),
      })),
    ],
    clock: { now: () => now },
  });
  const runRedrive = service.createRedrive({
    streams: createStreamReader({
      send: async ({ constructor: { name }, input }: GetRecordsCommand | GetShardIteratorCommand) =>
        streamLog.execute(name.replace(/Command$/, ''), { ...input }),
    } as DynamoDBStreamsClient),
    publish: async ({ id }: DomainEvent, redrives) => {
      fault('publish', id);
      published.push({ id, redrives });
    },
    auditLog: createAuditLog(createDatabase(db as unknown as DynamoDBDocumentClient), 'Audits'),
    sleep: async (milliseconds) => delays.push(milliseconds),
  });

  return {
    tables,
    queues,
    streamLog,
    published,
    delays,
    inspectQueues: service.inspectQueues,
    put: (consumer: string, body: string, given: Parameters<MemorySqs['put']>[2] = {}) =>
      queues.put(deadLetterQueueOf(consumer), body, { sentAt: noon, ...given }),
    redrive: (consumer: string, request: Partial<RedriveRequest> = {}) =>
      runRedrive({
        ...{ action: 'redrive', consumer, isDryRun: true, limit: 100, ratePerSecond: 10 },
        ...{
          operator: { sub: 'olivia', name: 'Olivia Ito', scope: 'aftercommit/redrive' },
          reason: 'bus restored',
        },
        ...request,
      }),
    visibleIds: (consumer: string) =>
      queues.visibleMessages(deadLetterQueueOf(consumer)).map(({ messageId }) => messageId),
    audits: () =>
      tables.items<Pick<AuditEntry, 'actor' | 'actorName' | 'scope' | 'reason' | 'subject'>>(
        'Audits',
      ),
  };
};

const withFault =
  (
    client: { readonly send: (command: unknown) => Promise<object> },
    fault: (command: unknown) => void,
  ) =>
  async (command: unknown) => {
    fault(command);

    return client.send(command);
  };

const deadLetterQueueOf = (consumer: string) => `${consumer}-dead`;

/** The message body of an event from EventBridge; `redrives` counts its earlier redrives. */
export const toMessageBody = ({ name, ...detail }: DomainEvent, redrives = 0): string =>
  JSON.stringify({
    'detail-type': name,
    resources: redrives > 0 ? [`redrives/${redrives}`] : [],
    detail,
  });

/** The message body of an event that the payment has published. */
export const toPaymentEventBody = (payment: Payment, name: PaymentEventName) =>
  toMessageBody(replayPaymentEvent(payment, name));

export const completionBody = toPaymentEventBody(stored.completed, 'PaymentCompleted');

/** A pointer to the stored item whose events are lost, as in the queue of undeliverable events. */
export const toPointer = (keys: object) => JSON.stringify({ table: 'any', keys: marshall(keys) });

const streamArnOf = (table: string) =>
  `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-03-14T12:00:00.000`;

/** The message that Lambda sends after the relay gave up a batch of the table's stream. */
export const toFailedBatch = (
  table: string,
  from: Date,
  to: Date,
  { first = '1', last = '1' }: { readonly first?: string; readonly last?: string } = {},
) =>
  JSON.stringify({
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: first,
      endSequenceNumber: last,
      approximateArrivalOfFirstRecord: wholeSecond(from),
      approximateArrivalOfLastRecord: wholeSecond(to),
      batchSize: 1,
      streamArn: streamArnOf(table),
    },
  });

/** DynamoDB rounds the time of a record down to the second. */
const wholeSecond = (at: Date) => `${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
