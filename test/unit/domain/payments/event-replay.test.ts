import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import {
  anyVersions,
  eventsOf,
  streamChangesOf,
  versionsAfter,
} from '../../../support/builders/payment-history.ts';

describe('an event that is told again', () => {
  const names = [
    'PaymentReserved',
    'PaymentOutcomeUnknown',
    'PaymentFailed',
    'PaymentCompleted',
  ] as const;

  it('is of the day of the sale, though refunds have moved the payment since', () => {
    const versions = versionsAfter(aPayment(), ['claimed', 'captured', 'refundRequested']);
    const [, completed] = eventsOf(streamChangesOf(versions));

    expect(completed).toMatchObject({ name: 'PaymentCompleted' });
    expect(replayPaymentEvent(versions.at(-1) as Payment, 'PaymentCompleted')).toEqual(completed);
  });

  it('is the same to the letter, whatever has happened since', () => {
    fc.assert(
      fc.property(anyVersions, fc.constantFrom(...names), (versions, name) => {
        const last = versions.at(-1) as Payment;
        const first = eventsOf(streamChangesOf(versions)).findLast((event) => event.name === name);
        // A review may rewrite the reason of a failure; by then nobody tells of the failure again.
        const isOver = name === 'PaymentFailed' && last.status !== 'FAILED';
        if (first && !isOver) expect(replayPaymentEvent(last, name)).toEqual(first);
        if (!first) expect(() => replayPaymentEvent(last, name)).toThrow(`has no ${name}`);
      }),
    );
  });
});
