import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import {
  listOperatorPendingActions,
  listPendingActions,
} from '../../../../shared/domain/timeline/pending-actions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';

const nothing = { refunds: [], missing: [] };
const pendingOf = (
  payment: Payment,
  context: Partial<Parameters<typeof listPendingActions>[1]> = {},
) => listPendingActions(payment, { ...nothing, ...context }, timings.local);

const stored = (...names: PaymentTransitionName[]) => afterTransitions(aPayment(), ...names);

describe('list pending actions', () => {
  it.each<[PaymentTransitionName[], RegExp]>([
    [['claimed'], /^the gateway answers the charger/],
    [['claimed', 'actionRequired'], /^the buyer acts at the gateway; the charge is cancelled/],
    [['claimed', 'outcomeUnknown'], /^inquiry 1 of 9; after the last one an operator decides$/],
    [['holdReleased'], /^compensation finishes$/],
    [['claimed', 'declined', 'lateCaptured'], /^the gateway refunds it$/],
  ])('gives the action after %j the due time of the payment', (names, detail) => {
    const payment = stored(...names);

    expect(pendingOf(payment)).toEqual([
      { at: payment.dueAt, detail: expect.stringMatching(detail) },
    ]);
  });

  it('lists the claim and the hold expiry of a RESERVED payment', () => {
    const payment = aPayment();

    expect(pendingOf(payment)).toEqual([
      { at: payment.dueAt, detail: expect.stringContaining('the charger claims it') },
      {
        at: new Date(noon.getTime() + timings.local.holdExpiryMs).toISOString(),
        detail: expect.stringContaining('are restored'),
      },
    ]);
  });

  it('lists the release of a RESERVED payment that the buyer cancelled', () => {
    const payment = { ...aPayment(), cancelRequestedAt: noon.toISOString() };

    expect(pendingOf(payment)).toMatchObject([{ detail: expect.stringContaining('is released') }]);
  });

  it('lists the cancellation at the gateway of a cancelled payment that waits for its buyer', () => {
    const waiting = stored('claimed', 'actionRequired');

    expect(pendingOf({ ...waiting, cancelRequestedAt: noon.toISOString() })).toMatchObject([
      { detail: expect.stringContaining('is cancelled at the gateway') },
    ]);
  });

  it('names the targets of a FAILED payment that are not restored yet', () => {
    expect(
      pendingOf(stored('holdReleased'), { missing: ['STOCK#tea', 'ORDER#ord_1'] }),
    ).toMatchObject([
      { detail: expect.stringContaining('to be restored: STOCK#tea, ORDER#ord_1;') },
    ]);
  });

  it('lists only the late-capture check of a COMPENSATED payment', () => {
    const compensated = stored('claimed', 'declined', 'compensated');
    const dueAt = noon.toISOString();

    expect(pendingOf(compensated)).toEqual([]);
    expect(pendingOf({ ...compensated, dueAt })).toMatchObject([{ at: dueAt }]);
  });

  it('lists the decision of an operator without a time for a payment under review', () => {
    expect(pendingOf(stored('claimed', 'reviewOpened'))).toEqual([
      { detail: 'an operator decides' },
    ]);
  });

  it('lists the cancellation refund of a COMPLETED payment until it is requested', () => {
    const { payment } = aPaidOrder();
    const cancelled = { ...payment, cancelRequestedAt: noon.toISOString() };

    expect(pendingOf(payment)).toEqual([]);
    expect(pendingOf(cancelled)).toMatchObject([
      { detail: expect.stringContaining('is refunded') },
    ]);
    expect(pendingOf({ ...cancelled, cancelRefundId: 'rfd_1' })).toEqual([]);
  });

  it('lists the next attempt of a refund, or the decision of an operator', () => {
    const { payment, refund } = aRefund(aPaidOrder(), { amount: 1 }, 'rfd_1');
    const of = (given: Partial<Refund>) =>
      pendingOf(payment, { refunds: [{ ...refund, ...given }] });

    expect(of({ attempts: 2 })).toEqual([
      { at: refund.dueAt, detail: expect.stringContaining('attempt 3 of 10') },
    ]);
    expect(of({ gatewayAmount: 0 })).toEqual([
      { at: refund.dueAt, detail: 'rfd_1: it is booked without the gateway' },
    ]);
    expect(of({ status: 'UNDER_REVIEW' })).toEqual([{ detail: 'rfd_1: an operator decides' }]);
    expect(of({ status: 'SUCCEEDED' })).toEqual([]);
  });
});

describe('list operator pending actions', () => {
  const quiet = { pendingDeliveries: [], reviews: [] };

  it('is empty if every delivery is processed and no review is open', () => {
    expect(listOperatorPendingActions({ status: 'COMPLETED' }, quiet)).toEqual([]);
  });

  it('names each consumer that has not processed an event', () => {
    const event = { eventId: 'pay_1-3', name: 'PaymentCompleted', at: noon.toISOString() } as const;

    expect(
      listOperatorPendingActions(
        { status: 'COMPLETED' },
        { ...quiet, pendingDeliveries: [{ consumer: 'notify-buyer', event }] },
      ),
    ).toEqual([
      {
        detail:
          'notify-buyer has not processed PaymentCompleted pay_1-3 yet: in its queue or dead-letter queue',
      },
    ]);
  });

  it('reports a payment under review whose review is not listed yet', () => {
    expect(listOperatorPendingActions({ status: 'IN_REVIEW' }, quiet)).toMatchObject([
      { detail: expect.stringContaining('open-review has not listed it') },
    ]);
  });
});
