import {
  type InquiryFinding,
  inquireConclusively,
} from '../../shared/application/payments/inquire-conclusively.ts';
import { buildRefundRequest } from '../../shared/application/refunds/gateway-refund-request.ts';
import type { GatewayCall } from '../../shared/domain/gateway-call.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { gatewayRemainderOf } from '../../shared/domain/payments/tenders.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  isCompensationOnly,
  type ObservedCharge,
  type ObservedRefund,
} from '../../shared/domain/reviews/decision-check.ts';
import type { Decision } from '../../shared/domain/reviews/review.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { nonAmountDifferences } from '../../shared/gateway/captured-amounts.ts';
import type {
  Approved,
  InquiryOutcome,
  Mismatch,
  PaymentGateway,
} from '../../shared/gateway/payment-gateway.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import type { ExamineOptions } from './review-resolver.ts';

export interface GatewayInquiryDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'inquireRefund'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the gateway reports, and the calls that returned it. */
export interface GatewayFinding<F> {
  readonly found: F;
  readonly summary?: string;
  readonly gatewayCalls: readonly GatewayCall[];
}

export interface GatewayChargeFinding extends GatewayFinding<ObservedCharge> {
  /** Whether the decision cancels the charge at the gateway. Only of a read-only inquiry. */
  readonly closesCharge?: boolean;
  /** The gateway's transaction id, if the charge matches the request in full. */
  readonly pg?: NonNullable<Payment['pg']>;
}

/**
 * Inquires about the charge of a payment. A decision that depends on "not captured" needs a conclusive
 * inquiry, which closes the reference at the gateway. A decision to complete a payment, or to continue its
 * compensation, inquires only.
 */
export const inquireAboutCharge = async (
  deps: GatewayInquiryDependencies,
  payment: Payment,
  decision: Decision,
  { isReadOnly }: ExamineOptions,
): Promise<GatewayChargeFinding> => {
  if (payment.attempt === 0 || payment.gatewayAmount === 0)
    return { found: { status: 'absent' }, gatewayCalls: [] };
  const { gateway, gatewayCalls } = withCallLog(
    isReadOnly ? withoutCancel(deps.gateway) : deps.gateway,
    deps.clock,
  );
  const mustBeConclusive = decision !== 'completed' && !isCompensationOnly(decision, payment);
  const finding = mustBeConclusive
    ? await inquireConclusively({ ...deps, gateway }, payment, { mayWait: false })
    : await gateway.inquire(chargeReferenceOf(payment));

  const closesCharge = isReadOnly && gatewayCalls.some(({ operation }) => operation === 'cancel');

  return {
    ...toChargeFinding(finding, payment),
    ...(closesCharge && {
      summary: 'not found; the decision cancels the charge at the gateway first',
      closesCharge,
    }),
    gatewayCalls,
  };
};

/** A gateway on which a cancellation is assumed to succeed and not sent. */
const withoutCancel = (
  gateway: Pick<PaymentGateway, 'inquire'>,
): Pick<PaymentGateway, 'inquire' | 'cancel'> => ({
  inquire: (charge) => gateway.inquire(charge),
  cancel: async () => ({ outcome: 'cancelled' }),
});

const toChargeFinding = (
  finding: InquiryFinding | InquiryOutcome,
  payment: Payment,
): Omit<GatewayChargeFinding, 'gatewayCalls'> => {
  switch (finding.outcome) {
    case 'approved':
      return {
        ...capturedFinding(finding, [], payment),
        pg: { transactionId: finding.transactionId, approvedAt: finding.approvedAt },
      };
    case 'mismatch':
      return capturedFinding(finding, nonAmountDifferences(finding.differences), payment);
    case 'declined':
      return { found: { status: 'absent' }, summary: `declined: ${finding.code}` };
    case 'not-found': {
      const { isConclusive, evidence } = 'evidence' in finding ? finding : inconclusiveNotFound;

      return { found: { status: isConclusive ? 'absent' : 'not-found' }, summary: evidence };
    }
    default:
      return {
        found: { status: 'unclear' },
        summary: 'reason' in finding ? `${finding.outcome}: ${finding.reason}` : finding.outcome,
      };
  }
};

const inconclusiveNotFound = { isConclusive: false, evidence: 'not found' };

const capturedFinding = (
  { transactionId, captured, refunded }: Approved | Mismatch,
  differences: readonly string[],
  { currency }: Payment,
): Omit<GatewayChargeFinding, 'gatewayCalls' | 'pg'> => {
  if (captured === undefined || refunded === undefined) {
    return {
      found: { status: 'unclear' },
      summary: `${transactionId}: remaining amount not reported`,
    };
  }

  return {
    found: { status: 'captured', captured, refunded, differences },
    summary: `${transactionId}: captured ${captured} ${currency}, refunded ${refunded}`,
  };
};

interface GatewayRefundFinding extends GatewayFinding<ObservedRefund> {
  readonly pg?: NonNullable<Refund['pg']>;
}

interface RefundUnderReview {
  readonly refund: Refund;
  readonly payment: Payment;
  /** Refunded at the gateway outside our refunds, as an accepted review has recorded. */
  readonly accepted: number;
}

/**
 * Inquires about a refund. If the gateway has not paid it under its key, it may have been refunded under
 * another one, so the remaining amount of the charge decides. If the gateway does not know the key, the key
 * may have expired, so the remaining amount decides once nothing can be in flight.
 */
export const inquireAboutRefund = async (
  deps: GatewayInquiryDependencies,
  { refund, payment, accepted }: RefundUnderReview,
): Promise<GatewayRefundFinding> => {
  if (refund.gatewayAmount === 0) return { found: { status: 'unclear' }, gatewayCalls: [] };
  const { gateway, gatewayCalls } = withCallLog(deps.gateway, deps.clock);
  const found = await gateway.inquireRefund(buildRefundRequest(refund, payment));
  switch (found.outcome) {
    case 'refunded': {
      const { refundId, refundedAt } = found;

      return {
        found: { status: 'refunded' },
        summary: `refunded as ${refundId}`,
        pg: { refundId, refundedAt },
        gatewayCalls,
      };
    }
    case 'declined': {
      const refundSummary = `declined: ${found.code}`;

      return {
        ...(await findingFromTotals({ gateway, payment, accepted }, 'declined', refundSummary)),
        gatewayCalls,
      };
    }
    case 'in-progress':
      return { found: { status: 'in-progress' }, summary: 'in progress', gatewayCalls };
    case 'not-found': {
      const ageMs = deps.clock.now().getTime() - Date.parse(refund.updatedAt);
      const refundSummary = `refund not found ${ageMs} ms after its last step`;
      if (ageMs < deps.timings.inFlightWindowMs) {
        return { found: { status: 'unclear' }, summary: refundSummary, gatewayCalls };
      }

      return {
        ...(await findingFromTotals({ gateway, payment, accepted }, 'not-found', refundSummary)),
        gatewayCalls,
      };
    }
    default:
      return {
        found: { status: 'unclear' },
        summary: `${found.outcome}: ${found.reason}`,
        gatewayCalls,
      };
  }
};

/**
 * Compares the remaining amount of the charge, as every comparison with the gateway does. The gateway may
 * have captured more than was requested and refunded the difference.
 */
const findingFromTotals = async (
  {
    gateway,
    payment,
    accepted,
  }: Pick<GatewayInquiryDependencies, 'gateway'> & Omit<RefundUnderReview, 'refund'>,
  status: 'declined' | 'not-found',
  refundSummary: string,
): Promise<Omit<GatewayRefundFinding, 'gatewayCalls'>> => {
  const { found, summary: chargeSummary } = toChargeFinding(
    await gateway.inquire(chargeReferenceOf(payment)),
    payment,
  );
  const summary = `${refundSummary}; ${chargeSummary}`;
  if (found.status !== 'captured') return { found: { status: 'unclear' }, summary };
  const remaining = found.captured - found.refunded;
  const unrecorded = gatewayRemainderOf(payment) - remaining - accepted;

  return { found: { status, unrecorded }, summary };
};
