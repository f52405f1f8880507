import { describe, expect, it } from 'vitest';
import { type EventName, subscriptions } from '../../../../shared/domain/events/domain-event.ts';
import {
  isFinal,
  paymentTransitions,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import { isRefundFinal, refundTransitions } from '../../../../shared/domain/refunds/refund.ts';
import type { Transition } from '../../../../shared/domain/state-machine.ts';

const payments: readonly Transition<string, EventName>[] = Object.values(paymentTransitions);
const refunds: readonly Transition<string, EventName>[] = Object.values(refundTransitions);
const finalRefunds = Object.values(refundTransitions).filter(({ to }) =>
  isRefundFinal({ status: to }),
);
const finalPayments = Object.values(paymentTransitions).filter(({ to }) => isFinal(to));

/** The events of these transitions, each once. */
const eventsOf = (transitions: readonly Transition<string, EventName>[]): EventName[] =>
  [...new Set(transitions.flatMap(({ event }) => event ?? []))].toSorted();

const isReview = (status: string) => status === 'IN_REVIEW' || status === 'UNDER_REVIEW';

describe('subscriptions', () => {
  it('notify the buyer of every final outcome of a payment or a refund', () => {
    expect(subscriptions['notify-buyer']).toEqual(
      expect.arrayContaining(eventsOf([...finalPayments, ...finalRefunds])),
    );
  });

  it('open a review of everything that an operator must decide', () => {
    const opening = [...payments, ...refunds].filter(({ to }) => isReview(to));

    expect([...subscriptions['open-review']].toSorted()).toEqual(eventsOf(opening));
  });

  it('close a review by every event that ends it', () => {
    const ending = [...payments, ...refunds].filter(({ from }) => from.some(isReview));

    expect([...subscriptions['close-review']].toSorted()).toEqual(eventsOf(ending));
  });

  it('inquire about every payment whose charge is unknown, waits for the buyer or was captured late', () => {
    const statuses = ['UNKNOWN', 'REQUIRES_ACTION', 'LATE_CAPTURED'];
    const open = payments.filter(({ to }) => statuses.includes(to));

    expect([...subscriptions['inquire-payment']].toSorted()).toEqual(eventsOf(open));
  });

  it.each(['add-loyalty-points', 'update-ranking', 'send-to-data-platform'] as const)(
    'deliver to %s every sale and every refund of it',
    (consumer) => {
      const sales = [...payments, ...refunds].filter(
        ({ to }) => to === 'COMPLETED' || to === 'SUCCEEDED',
      );

      expect([...subscriptions[consumer]].toSorted()).toEqual(eventsOf(sales));
    },
  );
});
