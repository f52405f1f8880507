import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deskOf } from '../../../../shared/application/dead-letters/dead-letter-service.ts';
import type { Order } from '../../../../shared/application/dead-letters/redrive.ts';
import { type DomainEvent, subscriptions } from '../../../../shared/domain/events/domain-event.ts';
import { pointsEntry } from '../../../../shared/domain/ids.ts';
import { settleRefund } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { auditsIn } from '../../../../shared/persistence/audit-log.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  paidBack,
} from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { MemoryQueues } from '../../../support/fakes/memory-sqs.ts';

export const consumers = Object.keys(subscriptions) as (keyof typeof subscriptions)[];

/** Dead letters that come from no queue. */
export const queueless = [
  'compensation-undelivered',
  'relay-undeliverable',
  'relay-failures',
  'sweep-undelivered',
  'backlog-undelivered',
] as const;

const keys = {
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Orders: ['orderId'],
  LoyaltyPoints: ['userId', 'entry'],
  Deliveries: ['eventId', 'listener'],
  Audits: ['day', 'entry'],
};

const paid = aPaidOrder({ orderId: 'ord_paid', userId: 'alice' });
const asked = aRefund(paid, { amount: 1_000 }, 'rfd_asked');
const entry = pointsEntry.payment('pay_paid');

/** What the tables have, by what became of it. */
export const stored = {
  reserved: aPayment({ paymentId: 'pay_reserved' }),
  claimed: movedBy(aPayment({ paymentId: 'pay_claimed' }), 'claimed'),
  unknown: movedBy(aPayment({ paymentId: 'pay_unknown' }), 'claimed', 'outcomeUnknown'),
  found: movedBy(aPayment({ paymentId: 'pay_found' }), 'claimed', 'outcomeUnknown', 'captured'),
  completed: movedBy(aPayment({ paymentId: 'pay_completed' }), 'claimed', 'captured'),
  failed: movedBy(aPayment({ paymentId: 'pay_failed' }), 'claimed', 'declined'),
  compensated: movedBy(aPayment({ paymentId: 'pay_undone' }), 'claimed', 'declined', 'compensated'),
  reviewed: movedBy(aPayment({ paymentId: 'pay_reviewed' }), 'claimed', 'reviewOpened'),
  partlyRefunded: asked.payment,
  refund: asked.refund,
  settled: settleRefund(aRefund(paid, { amount: 500 }, 'rfd_settled'), paidBack).refund,
  order: { ...anOrder({ orderId: 'ord_gone' }), status: 'CANCELLED', version: 3 },
  earning: {
    ...{ userId: 'alice', entry, paymentId: 'pay_paid', paymentVersion: 5, points: 25 },
    ...{ version: 2, at: later(60).toISOString() },
  },
} as const;

/** Throws where a call is to fail. */
type Fault = (call: 'publish' | 'table' | 'queue', of: unknown) => void;

/** Every queue of dead letters over tables and queues in memory, and a desk where they are decided on. */
export const aDesk = (now = later(120), fault: Fault = () => undefined) => {
  const tables = new MemoryDynamo(keys);
  const queues = new MemoryQueues();
  const db = { send: failingBefore(tables, (command) => fault('table', command)) };
  const sqs = { send: failingBefore(queues, (command) => fault('queue', command)) };
  const { refund, settled, order, earning, ...payments } = stored;
  for (const payment of Object.values(payments)) tables.put('Payments', payment);
  for (const one of [refund, settled]) tables.put('Refunds', one);
  tables.put('Orders', order);
  tables.put('LoyaltyPoints', earning);
  const told: { id: string; redrives: number }[] = [];
  const pauses: number[] = [];
  const desk = deskOf({
    db: db as unknown as DynamoDBDocumentClient,
    sqs: sqs as unknown as SQSClient,
    tables: {
      payments: 'Payments',
      refunds: 'Refunds',
      orders: 'Orders',
      loyaltyPoints: 'LoyaltyPoints',
      deliveries: 'Deliveries',
    },
    stations: [
      ...consumers.map((consumer) => ({ consumer, deadLetters: dead(consumer), queue: consumer })),
      ...queueless.map((consumer) => ({ consumer, deadLetters: dead(consumer) })),
    ],
    clock: { now: () => now },
  });
  const decide = desk.redriver({
    publish: async ({ id }: DomainEvent, redrives) => {
      fault('publish', id);
      told.push({ id, redrives });
    },
    audits: auditsIn(db as unknown as DynamoDBDocumentClient, 'Audits'),
    pause: async (milliseconds) => pauses.push(milliseconds),
  });

  return {
    tables,
    queues,
    told,
    pauses,
    survey: desk.survey,
    put: (consumer: string, body: string, given: Parameters<MemoryQueues['put']>[2] = {}) =>
      queues.put(dead(consumer), body, { sentAt: noon, ...given }),
    decide: (consumer: string, order: Partial<Order> = {}) =>
      decide({
        ...{ action: 'send-again', consumer, isDryRun: true, most: 100, perSecond: 10 },
        ...{ who: 'olivia', why: 'mended' },
        ...order,
      }),
    lying: (consumer: string) => queues.in(dead(consumer)).map(({ messageId }) => messageId),
    audits: () => tables.items<{ who: string; why: string; subject: string }>('Audits'),
  };
};

const failingBefore =
  (
    client: { readonly send: (command: unknown) => Promise<object> },
    fault: (command: unknown) => void,
  ) =>
  async (command: unknown) => {
    fault(command);

    return client.send(command);
  };

export const dead = (consumer: string) => `${consumer}-dead`;

/** An event as EventBridge puts it into a queue; told again by hand so often before. */
export const bodyOf = ({ name, ...detail }: DomainEvent, redrives = 0): string =>
  JSON.stringify({
    'detail-type': name,
    resources: redrives > 0 ? [`redrives/${redrives}`] : [],
    detail,
  });
