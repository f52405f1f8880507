import { describe, expect, it } from 'vitest';
import { decideRefund } from '../../../../functions/execute-refund/decide-refund.ts';
import { notificationOf } from '../../../../functions/notify-buyer/notification.ts';
import { decideTransition } from '../../../../shared/application/payments/decide-transition.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import {
  buyerDeclineCodes,
  buyerFailureOf,
  buyerRefundFailureOf,
  declineReasons,
  ownFailureCodes,
  refundFailureCodes,
} from '../../../../shared/domain/payments/buyer-failure.ts';
import type { Failure, Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { transitionRefund } from '../../../../shared/domain/refunds/refund.ts';
import {
  buildOperatorTimeline,
  buildTimeline,
} from '../../../../shared/domain/timeline/timeline.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { declinedCharge } from '../../../../shared/gateway/decline-table.ts';
import type { ChargeOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import {
  simulatorDeclineTable,
  refundDeclineCodes as simulatorRefundCodes,
} from '../../../../shared/gateway/simulator/decline-table.ts';
import {
  refundDeclineCodes,
  stripeDeclineTable,
} from '../../../../shared/gateway/stripe/decline-table.ts';
import {
  cancelDeclineCodes,
  tossDeclineTable,
} from '../../../../shared/gateway/toss/decline-table.ts';
import { paymentBody } from '../../../../shared/http/payment-body.ts';
import { refundBody } from '../../../../shared/http/refund-body.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';

const words = 'The issuer says: reported stolen.';
const operatorRecords = { reviews: [], effects: [], derivedEvents: [] };
const claimed = afterTransitions(aPayment(), 'claimed');

/** The payment after the charger has stored what the gateway answered. */
const chargedWith = (outcome: ChargeOutcome): Payment => {
  const { transition, detail, change } = decideTransition(outcome, claimed, noon, timings.local);

  return transitionPayment(claimed, transition, {
    at: noon,
    by: 'charge-payment',
    detail,
    gatewayCalls: [{ operation: 'charge', outcome: outcome.outcome, durationMs: 1 }],
    ...(change && { change }),
  });
};

/** As a version before the closed list stored it. */
const olderPayment = (code: string): Payment =>
  transitionPayment(claimed, 'declined', {
    at: noon,
    by: 'charge-payment',
    detail: `declined: ${code}`,
    change: { failure: { code, reason: words, evidence: `${code}: ${words}` } },
  });

/** Everything that shows a failed payment to its buyer. */
const buyerViewsOf = (failed: Payment): unknown[] => {
  const compensated = transitionPayment(failed, 'compensated', { at: noon, by: 'test' });
  const events = [
    eventOfChange({ of: 'payment', before: claimed, after: failed }),
    eventOfChange({ of: 'payment', before: failed, after: compensated }),
  ];

  return [
    paymentBody(failed),
    paymentBody(compensated),
    buildTimeline(compensated),
    ...events,
    notificationOf(events[1] as DomainEvent<'PaymentCompensated'>),
  ];
};

const gatewayTables = {
  Stripe: stripeDeclineTable,
  Toss: tossDeclineTable,
  simulator: simulatorDeclineTable,
};

/** Every code of every gateway, and one that no table has. */
const declines = Object.entries(gatewayTables).flatMap(([gateway, table]) =>
  [...table.keys(), 'UNLISTED_code'].map((code) => ({ gateway, code, table })),
);

describe('a declined payment', () => {
  it("shows the buyer neither the gateway's code nor its words", () => {
    for (const { code, table } of declines) {
      const outcome = declinedCharge(table, code, words);
      for (const payment of [chargedWith(outcome), olderPayment(code)]) {
        const visible = JSON.stringify(buyerViewsOf(payment));

        expect(visible).not.toContain(`"${code}"`);
        expect(visible).not.toContain(`: ${code}`);
        expect(visible).not.toContain(words);
      }
    }
  });

  it.each(buyerDeclineCodes)('shows the buyer the same code everywhere: %s', (buyerCode) => {
    const payment = chargedWith({ outcome: 'declined', code: 'x_y', reason: words, buyerCode });
    const [body, , entries, failed, compensated, notification] = buyerViewsOf(payment);
    const failure = { code: buyerCode, reason: declineReasons[buyerCode] };

    expect(body).toMatchObject({ status: 'FAILED', failure });
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'charge', detail: `failed: ${buyerCode}` }),
    );
    expect(failed).toMatchObject({ name: 'PaymentFailed', data: failure });
    expect(compensated).toMatchObject({ name: 'PaymentCompensated', data: { code: buyerCode } });
    expect(notification).toMatchObject({
      code: buyerCode,
      message: expect.stringContaining(failure.reason),
    });
  });

  it("shows operators the gateway's code and words", () => {
    const outcome = declinedCharge(stripeDeclineTable, 'stolen_card', words);
    const payment = chargedWith(outcome);

    expect(payment.failure?.evidence).toContain(`stolen_card: ${words}`);
    expect(buildOperatorTimeline(payment, operatorRecords)).toContainEqual(
      expect.objectContaining({ kind: 'charge', detail: `declined: stolen_card (${words})` }),
    );
  });

  it('of an older version is card-declined', () => {
    const [body, , , failed] = buyerViewsOf(olderPayment('lost_card'));
    const failure = { code: 'card-declined', reason: 'The card was declined.' };

    expect(body).toMatchObject({ failure });
    expect(failed).toMatchObject({ data: failure });
  });
});

describe('an inconclusive answer', () => {
  it.each<ChargeOutcome>([
    { outcome: 'ambiguous', reason: 'status 402, code moon_phase' },
    { outcome: 'not-sent', reason: 'code moon_phase' },
  ])('is shown to operators, not to the buyer: $outcome', (outcome) => {
    const payment = chargedWith(outcome);

    expect(JSON.stringify(buildTimeline(payment))).not.toContain('moon_phase');
    expect(JSON.stringify(buildOperatorTimeline(payment, operatorRecords))).toContain('moon_phase');
  });
});

describe('a declined refund', () => {
  const refundCodes = [...refundDeclineCodes, ...cancelDeclineCodes, ...simulatorRefundCodes];

  it("shows the buyer neither the gateway's code nor its words", () => {
    const { refund, payment } = aRefund(aPaidOrder(), { amount: 1 }, 'rfd_1');
    for (const code of refundCodes) {
      const outcome = { outcome: 'declined', code, reason: words } as const;
      const decision = decideRefund(outcome, refund, noon, timings.local);
      const failure = 'failure' in decision ? decision.failure : undefined;
      for (const stored of [failure, { code, reason: words }] as (Failure | undefined)[]) {
        const failed = transitionRefund(refund, 'failed', {
          at: noon,
          by: 'execute-refund',
          detail: decision.detail,
          ...(stored && { change: { failure: stored } }),
        });
        const event = eventOfChange({ of: 'refund', before: refund, after: failed });
        const visible = [
          refundBody(failed),
          event,
          notificationOf(event as DomainEvent<'RefundFailed'>),
          buildTimeline(payment, { refunds: [failed] }),
        ];

        expect(visible).toMatchObject([
          { failure: { code: 'refund-declined' } },
          { data: { code: 'refund-declined' } },
          { code: 'refund-declined' },
          expect.any(Array),
        ]);
        expect(JSON.stringify(visible)).not.toContain(words);
        expect(JSON.stringify(visible)).not.toContain(`: ${code}`);
        expect(failure?.evidence).toContain(`${code}: ${words}`);
      }
    }
  });
});

describe('the failure that a buyer sees', () => {
  it.each([...buyerDeclineCodes, ...ownFailureCodes])(
    'keeps our own code and reason: %s',
    (code) => {
      expect(buyerFailureOf({ code, reason: 'ours' })).toEqual({ code, reason: 'ours' });
    },
  );

  it.each(refundFailureCodes)('keeps our own code and reason of a refund: %s', (code) => {
    expect(buyerRefundFailureOf({ code, reason: 'ours' })).toEqual({ code, reason: 'ours' });
  });
});
