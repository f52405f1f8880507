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
  standing: Partial<Parameters<typeof listPendingActions>[1]> = {},
) => listPendingActions(payment, { ...nothing, ...standing }, timings.local);

const stored = (...names: PaymentTransitionName[]) => afterTransitions(aPayment(), ...names);

describe('what is still due', () => {
  it.each<[PaymentTransitionName[], RegExp]>([
    [['claimed'], /^the PG answers its charger/],
    [['claimed', 'outcomeUnknown'], /^inquiry 1 of 9; after the last one a person decides$/],
    [['holdReleased'], /^its compensation ends$/],
    [['claimed', 'declined', 'lateCaptured'], /^the PG pays it back$/],
  ])('of a payment after %j has the time that it stands under in the index', (names, detail) => {
    const payment = stored(...names);

    expect(pendingOf(payment)).toEqual([
      { at: payment.dueAt, detail: expect.stringMatching(detail) },
    ]);
  });

  it('of a reserved one is its claim, and the end of its hold', () => {
    const payment = aPayment();

    expect(pendingOf(payment)).toEqual([
      { at: payment.dueAt, detail: expect.stringContaining('a charger claims it') },
      {
        at: new Date(noon.getTime() + timings.local.holdExpiryMs).toISOString(),
        detail: expect.stringContaining('given back'),
      },
    ]);
  });

  it('of a reserved one that its buyer cancelled is that it is given up', () => {
    const payment = { ...aPayment(), cancelRequestedAt: noon.toISOString() };

    expect(pendingOf(payment)).toMatchObject([{ detail: expect.stringContaining('given up') }]);
  });

  it('of a failed one names what is not given back yet', () => {
    expect(
      pendingOf(stored('holdReleased'), { missing: ['STOCK#tea', 'ORDER#ord_1'] }),
    ).toMatchObject([
      { detail: expect.stringContaining('to be given back: STOCK#tea, ORDER#ord_1;') },
    ]);
  });

  it('of an undone one is only a late check, if there is one', () => {
    const undone = stored('claimed', 'declined', 'compensated');
    const dueAt = noon.toISOString();

    expect(pendingOf(undone)).toEqual([]);
    expect(pendingOf({ ...undone, dueAt })).toMatchObject([{ at: dueAt }]);
  });

  it('of one under review has no time: a person decides', () => {
    expect(pendingOf(stored('claimed', 'reviewOpened'))).toEqual([{ detail: 'a person decides' }]);
  });

  it('of a completed one is nothing, but for a cancel until its refund is requested', () => {
    const { payment } = aPaidOrder();
    const cancelled = { ...payment, cancelRequestedAt: noon.toISOString() };

    expect(pendingOf(payment)).toEqual([]);
    expect(pendingOf(cancelled)).toMatchObject([
      { detail: expect.stringContaining('is refunded') },
    ]);
    expect(pendingOf({ ...cancelled, cancelRefundId: 'rfd_1' })).toEqual([]);
  });

  it('of a refund is its next try, or a decision', () => {
    const { payment, refund } = aRefund(aPaidOrder(), { amount: 1 }, 'rfd_1');
    const of = (given: Partial<Refund>) =>
      pendingOf(payment, { refunds: [{ ...refund, ...given }] });

    expect(of({ attempts: 2 })).toEqual([
      { at: refund.dueAt, detail: expect.stringContaining('try 3 of 10') },
    ]);
    expect(of({ status: 'UNDER_REVIEW' })).toEqual([{ detail: 'rfd_1: a person decides' }]);
    expect(of({ status: 'SUCCEEDED' })).toEqual([]);
  });
});

describe('what those who run the service have to do', () => {
  const quiet = { pendingDeliveries: [], reviews: [] };

  it('is nothing where all is heard and nothing is open', () => {
    expect(listOperatorPendingActions({ status: 'COMPLETED' }, quiet)).toEqual([]);
  });

  it('names each listener that has not handled an event', () => {
    const event = { eventId: 'pay_1-3', name: 'PaymentCompleted', at: noon.toISOString() } as const;

    expect(
      listOperatorPendingActions(
        { status: 'COMPLETED' },
        { ...quiet, pendingDeliveries: [{ consumer: 'notify-buyer', event }] },
      ),
    ).toEqual([
      {
        detail:
          'notify-buyer has not handled PaymentCompleted pay_1-3 yet: in its queue, or a dead letter',
      },
    ]);
  });

  it('says where a payment waits for a person whom nobody has told', () => {
    expect(listOperatorPendingActions({ status: 'IN_REVIEW' }, quiet)).toMatchObject([
      { detail: expect.stringContaining('open-review has not listed it') },
    ]);
  });
});
