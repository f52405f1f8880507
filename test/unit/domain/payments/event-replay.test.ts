import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  inquiryEventOf,
  replayPaymentEvent,
  replayPaymentEvents,
} from '../../../../shared/domain/payments/payment-events.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import {
  anyVersions,
  eventsOf,
  streamChangesOf,
  versionsAfter,
} from '../../../support/builders/payment-history.ts';

describe('replay a payment event', () => {
  const names = [
    'PaymentReserved',
    'PaymentActionRequired',
    'PaymentDeclined',
    'PaymentOutcomeUnknown',
    'PaymentFailed',
    'PaymentCompleted',
  ] as const;

  it('keeps the time of the capture after later refunds', () => {
    const versions = versionsAfter(aPayment(), ['claimed', 'captured', 'refundRequested']);
    const [, completed] = eventsOf(streamChangesOf(versions));

    expect(completed).toMatchObject({ name: 'PaymentCompleted' });
    expect(replayPaymentEvent(versions.at(-1) as Payment, 'PaymentCompleted')).toEqual(completed);
  });

  it('equals the first event after any later transitions', () => {
    fc.assert(
      fc.property(anyVersions, fc.constantFrom(...names), (versions, name) => {
        const last = versions.at(-1) as Payment;
        const first = eventsOf(streamChangesOf(versions)).findLast((event) => event.name === name);
        // A review may change the reason of a failure, which is not replayed then.
        const isOver = name === 'PaymentFailed' && last.status !== 'FAILED';
        if (first && !isOver) expect(replayPaymentEvent(last, name)).toEqual(first);
        if (!first) expect(() => replayPaymentEvent(last, name)).toThrow(`has no ${name}`);
      }),
    );
  });
});

describe('replay the events of several attempts', () => {
  const twoDeclines: readonly PaymentTransitionName[] = [
    ...(['claimed', 'outcomeUnknown', 'declinedKept', 'confirmed'] as const),
    ...(['claimed', 'actionRequired', 'declinedKept', 'confirmed', 'claimed'] as const),
  ];

  it.each(['captured', 'declined'] as const)('equals each first event once it is %s', (end) => {
    const versions = versionsAfter(aPayment(), [...twoDeclines, end]);
    const last = versions.at(-1) as Payment;
    const first = eventsOf(streamChangesOf(versions));

    for (const name of ['PaymentReserved', 'PaymentDeclined', 'PaymentOutcomeUnknown'] as const)
      expect(replayPaymentEvents(last, name)).toEqual(first.filter((one) => one.name === name));
    expect(replayPaymentEvents(last, 'PaymentReserved')).toHaveLength(3);
    expect(replayPaymentEvents(last, 'PaymentDeclined')).toHaveLength(2);
  });

  it('requests the inquiry about the attempt that was claimed last', () => {
    const versions = versionsAfter(aPayment(), [...twoDeclines, 'actionRequired']);
    const last = versions.at(-1) as Payment;

    expect(inquiryEventOf(last)).toMatchObject({
      id: `${last.paymentId}-${last.version - 1}`,
      data: { attempt: 3 },
    });
  });

  it.each<[string, Partial<Payment>]>([
    ['waits for its third payment method', {}],
    ['was captured late in its first attempt', { attempt: 1, lastAttempt: 3 }],
  ])('stays the same for a claim once the payment %s', (_when, change) => {
    const claimed = ['claimed', 'declinedKept', 'confirmed', 'claimed'] as const;
    const second = versionsAfter(aPayment(), claimed).at(-1) as Payment;
    const later = versionsAfter(second, ['declinedKept']).at(-1) as Payment;

    expect(inquiryEventOf({ ...later, ...change })).toEqual(inquiryEventOf(second));
  });
});
