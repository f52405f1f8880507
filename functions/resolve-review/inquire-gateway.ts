import { type Finding, findOut } from '../../shared/application/payments/inquire-conclusively.ts';
import { refundRequestOf } from '../../shared/application/refunds/gateway-refund-request.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Asked } from '../../shared/domain/gateway-call.ts';
import { chargeOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  type ChargeFound,
  isUndoing,
  type RefundFound,
} from '../../shared/domain/reviews/decision-check.ts';
import type { Decision } from '../../shared/domain/reviews/review.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type {
  Approved,
  InquiryOutcome,
  Mismatch,
  PaymentGateway,
} from '../../shared/gateway/payment-gateway.ts';
import { noted } from '../../shared/gateway/recording-gateway.ts';

export interface Asking {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'inquireRefund'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the gateway shows, and what it was asked for that. */
export interface Heard<F> {
  readonly found: F;
  readonly told?: string;
  readonly asked: readonly Asked[];
}

export interface HeardOfCharge extends Heard<ChargeFound> {
  /** The gateway's own name of the charge, where all of it is as it was asked for. */
  readonly pg?: NonNullable<Payment['pg']>;
}

/**
 * What the gateway has of a payment. That it has nothing is proved as an inquiry proves it, which closes the reference; who wants to
 * complete a payment, or gives back further what failed long ago, only looks.
 */
export const askAboutCharge = async (
  asking: Asking,
  payment: Payment,
  decision: Decision,
): Promise<HeardOfCharge> => {
  // Nothing was ever sent, or there is nothing to send.
  if (payment.attempt === 0 || payment.amount === 0)
    return { found: { known: 'nothing' }, asked: [] };
  const { gateway, asked } = noted(asking.gateway);
  const isProof = decision !== 'completed' && !isUndoing(decision, payment);
  const finding = isProof
    ? await findOut({ ...asking, gateway }, payment)
    : await gateway.inquire(chargeOf(payment));

  return { ...meaningOf(finding, payment), asked };
};

const meaningOf = (
  finding: Finding | InquiryOutcome,
  payment: Payment,
): Omit<HeardOfCharge, 'asked'> => {
  switch (finding.outcome) {
    case 'approved':
      return {
        ...capturedAs(finding, [], payment),
        pg: { transactionId: finding.transactionId, approvedAt: finding.approvedAt },
      };
    case 'mismatch': {
      const others = finding.differences.filter((difference) => !difference.startsWith('amount:'));

      return capturedAs(finding, others, payment);
    }
    case 'declined':
      return { found: { known: 'nothing' }, told: `declined: ${finding.code}` };
    case 'not-found': {
      const { isConclusive, evidence } = 'evidence' in finding ? finding : onlyLooked;

      return { found: { known: isConclusive ? 'nothing' : 'not-found' }, told: evidence };
    }
    default:
      return {
        found: { known: 'unclear' },
        told: 'reason' in finding ? `${finding.outcome}: ${finding.reason}` : finding.outcome,
      };
  }
};

const onlyLooked = { isConclusive: false, evidence: 'not found' };

const capturedAs = (
  { transactionId, captured, refunded }: Approved | Mismatch,
  differences: readonly string[],
  { currency }: Payment,
): Omit<HeardOfCharge, 'asked' | 'pg'> => {
  if (captured === undefined || refunded === undefined) {
    return { found: { known: 'unclear' }, told: `${transactionId}: it is not said what is left` };
  }

  return {
    found: { known: 'captured', captured, refunded, differences },
    told: `${transactionId}: captured ${captured} ${currency}, refunded ${refunded}`,
  };
};

interface HeardOfRefund extends Heard<RefundFound> {
  readonly pg?: NonNullable<Refund['pg']>;
}

interface RefundUnderReview {
  readonly refund: Refund;
  readonly payment: Payment;
  /** Refunded at the gateway and in no book, as a review of that has accepted: it is no refund of ours. */
  readonly accepted: number;
}

/**
 * What the gateway has of a refund. Where it has not paid it under its key, somebody may have refunded it there by another one: what is left
 * of the charge tells. Where it knows none of the key, it may have forgotten that, and is asked once nothing can be on its way any more.
 */
export const askAboutRefund = async (
  asking: Asking,
  { refund, payment, accepted }: RefundUnderReview,
): Promise<HeardOfRefund> => {
  if (refund.amount === 0) return { found: { known: 'unclear' }, asked: [] };
  const { gateway, asked } = noted(asking.gateway);
  const found = await gateway.inquireRefund(refundRequestOf(refund, payment));
  switch (found.outcome) {
    case 'refunded': {
      const { refundId, refundedAt } = found;

      return {
        found: { known: 'paid' },
        told: `refunded as ${refundId}`,
        pg: { refundId, refundedAt },
        asked,
      };
    }
    case 'declined': {
      const seen = `declined: ${found.code}`;

      return { ...(await fromTotals({ gateway, payment, accepted }, 'refused', seen)), asked };
    }
    case 'in-progress':
      return { found: { known: 'in-progress' }, told: 'in progress', asked };
    case 'not-found': {
      const ageMs = asking.clock.now().getTime() - Date.parse(refund.updatedAt);
      const seen = `refund not found ${ageMs} ms after its last step`;
      if (ageMs < asking.timings.inFlightWindowMs) {
        return { found: { known: 'unclear' }, told: seen, asked };
      }

      return { ...(await fromTotals({ gateway, payment, accepted }, 'not-found', seen)), asked };
    }
    default:
      return { found: { known: 'unclear' }, told: `${found.outcome}: ${found.reason}`, asked };
  }
};

/** By what is left of the charge, as every comparison with the gateway goes: it may have captured more than was asked for, and given that back. */
const fromTotals = async (
  { gateway, payment, accepted }: Pick<Asking, 'gateway'> & Omit<RefundUnderReview, 'refund'>,
  known: 'refused' | 'not-found',
  seen: string,
): Promise<Omit<HeardOfRefund, 'asked'>> => {
  const { found, told } = meaningOf(await gateway.inquire(chargeOf(payment)), payment);
  const summary = `${seen}; ${told}`;
  if (found.known !== 'captured') return { found: { known: 'unclear' }, told: summary };
  const left = found.captured - found.refunded;
  const unbooked = payment.amount - payment.refunded - left - accepted;

  return { found: { known, unbooked }, told: summary };
};
