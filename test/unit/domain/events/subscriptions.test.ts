import { describe, expect, it } from 'vitest';
import type { EventName } from '../../../../shared/domain/events/domain-event.ts';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import type { PaymentStatus } from '../../../../shared/domain/payments/payment.ts';
import { paymentTransitions } from '../../../../shared/domain/payments/payment-transition-table.ts';
import { isFinal } from '../../../../shared/domain/payments/payment-transitions.ts';
import { isRefundFinal, refundTransitions } from '../../../../shared/domain/refunds/refund.ts';
import type { Transition } from '../../../../shared/domain/state-machine.ts';

const payments: readonly Transition<string, EventName>[] = Object.values(paymentTransitions);
const refunds: readonly Transition<string, EventName>[] = Object.values(refundTransitions);
const finalRefunds = Object.values(refundTransitions).filter(({ to }) =>
  isRefundFinal({ status: to }),
);

/** Whether the transition changes the status. What the gateway reports later keeps it. */
const isOutcome = ({ from, to }: Transition<string, EventName>) => !from.includes(to);

const finalPayments = payments.filter(
  (transition) => isFinal(transition.to as PaymentStatus) && isOutcome(transition),
);

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

  const sales = [...payments, ...refunds].filter(
    ({ to }) => to === 'COMPLETED' || to === 'SUCCEEDED',
  );

  it.each(['add-loyalty-points', 'update-ranking'] as const)(
    'deliver to %s every sale and every refund of it',
    (consumer) => {
      expect([...subscriptions[consumer]].toSorted()).toEqual(eventsOf(sales.filter(isOutcome)));
    },
  );

  it('deliver to send-to-data-platform every sale and what follows it, disputes included', () => {
    expect([...subscriptions['send-to-data-platform']].toSorted()).toEqual(eventsOf(sales));
  });
});
