import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { eventOfChange, type StreamChange } from '../../../shared/domain/outbox/outbox-event.ts';
import { rejectPayment } from '../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { paymentTransitions } from '../../../shared/domain/payments/payment-transition-table.ts';
import {
  canTransition,
  type PaymentTransitionName,
} from '../../../shared/domain/payments/payment-transitions.ts';
import {
  canRefundTransition,
  type Refund,
  type RefundTransitionName,
  refundTransitions,
  transitionRefund,
} from '../../../shared/domain/refunds/refund.ts';
import { anOrder, aPayment, noon } from './builders.ts';
import { applyTransition } from './payment-history.ts';
import { aPaidOrder, aRefund, later, refundFailure } from './refund-generators.ts';
import { traceparent } from './trace.ts';
import { aWaitingPayment } from './waiting-payment.ts';

const order = anOrder({ orderId: 'ord_1', userId: 'alice', couponId: 'welcome' });

/** The changes of an item from its first version on: each transition from each status that it can reach. */
const changesFrom = <Item extends { readonly status: string }, Name extends string>(
  of: StreamChange['of'],
  first: Item,
  transitions: {
    readonly names: readonly Name[];
    readonly can: (item: Item, name: Name) => boolean;
    readonly apply: (item: Item, name: Name) => Item;
  },
): StreamChange[] => {
  const changes: StreamChange[] = [{ of, before: undefined, after: first }];
  const known = new Set([first.status]);
  const open = [first];
  for (let before = open.shift(); before !== undefined; before = open.shift()) {
    for (const name of transitions.names) {
      if (!transitions.can(before, name)) continue;
      const after = transitions.apply(before, name);
      changes.push({ of, before, after });
      if (!known.has(after.status)) open.push(after);
      known.add(after.status);
    }
  }

  return changes;
};

const paymentChanges = (first: Payment) =>
  changesFrom<Payment, PaymentTransitionName>('payment', first, {
    names: Object.keys(paymentTransitions) as PaymentTransitionName[],
    can: canTransition,
    apply: applyTransition,
  });

const refundChanges = (): StreamChange[] => {
  const { payment, order: paidOrder } = aPaidOrder(order);
  const paid = { payment: { ...payment, paymentId: 'pay_1' }, order: paidOrder };
  const { refund } = aRefund(
    paid,
    { lines: [{ sku: 'tea', quantity: 1, restock: true }] },
    'rfd_1',
  );

  return changesFrom<Refund, RefundTransitionName>('refund', refund, {
    names: Object.keys(refundTransitions) as RefundTransitionName[],
    can: canRefundTransition,
    apply: (before, name) =>
      transitionRefund(before, name, {
        at: later(60),
        by: 'test',
        change: {
          ...refundFailure,
          remainingAmount: 2_500,
          paymentVersion: 5,
          soldAt: later(2).toISOString(),
        },
      }),
  });
};

const points = {
  userId: 'alice',
  paymentId: 'pay_1',
  points: 50,
  version: 1,
  at: later(3).toISOString(),
  traceparent,
};

const changes = (): StreamChange[] => {
  const reserved = { ...aPayment({ order, paymentId: 'pay_1' }), traceparent };
  const cancelled = { ...reserved, cancelRequestedAt: later(1).toISOString() };
  const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_1', version: 2, traceparent };
  const request = { paymentId: 'pay_2', order, paymentMethod: 'sim_approve', requestHash: 'hash' };
  const rejected = rejectPayment(request, noon, { code: 'out-of-stock', reason: 'short' });

  return [
    ...[reserved, cancelled, aWaitingPayment()].flatMap(paymentChanges),
    { of: 'payment', before: undefined, after: rejected },
    ...refundChanges(),
    { of: 'order', before: paying, after: { ...paying, status: 'COMPLETED', version: 3 } },
    {
      of: 'order',
      before: order,
      after: { ...order, status: 'CANCELLED', cancelReason: 'cancelled-by-buyer', version: 2 },
    },
    { of: 'points', before: undefined, after: points },
    { of: 'points', before: points, after: { ...points, points: 25, version: 2 } },
  ];
};

/** An example of each event that this code publishes: one for each set of fields that it can have, ordered by name. */
export const exampleEvents = (): DomainEvent[] => {
  const examples = new Map<string, DomainEvent>();
  for (const change of changes()) {
    const event = eventOfChange(change);
    if (event === undefined) continue;
    const present = Object.entries(event.data).filter(([, value]) => value !== undefined);
    const shape = [event.name, ...present.map(([field]) => field)].join(' ');
    if (!examples.has(shape)) examples.set(shape, event);
  }

  return [...examples]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, event]) => event);
};

/** The examples as `events.json` of a released version has them. */
export const eventsText = (): string => `${JSON.stringify(exampleEvents(), null, 2)}\n`;
