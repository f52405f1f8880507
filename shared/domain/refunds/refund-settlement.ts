import { latestHint } from '../payments/inquiry-hint.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { transitionPayment } from '../payments/payment-transitions.ts';
import { refundableAmount } from '../payments/refundable.ts';
import { refundedLinesOf } from '../payments/refunded-lines.ts';
import {
  type NewRefund,
  type PaymentWithRefund,
  type Refund,
  type RefundTransitionInput,
  refundTransitions,
  transitionRefund,
} from './refund.ts';
import { releaseLines } from './refund-lines.ts';

interface SettlementInput extends Pick<RefundTransitionInput, 'at' | 'by' | 'gatewayCalls'> {
  readonly detail: string;
}

export interface RefundSucceeded extends SettlementInput {
  /** The PG's own id of the refund, and its clock. Absent where a person says so who has seen it there. */
  readonly pg?: Refund['pg'];
}

export interface RefundDeclined extends SettlementInput {
  readonly failure: Failure;
}

/**
 * What was set aside is refunded. The refund keeps what its event tells of the payment as it is from now on.
 */
export const applyRefundSuccess = (
  { payment, refund }: PaymentWithRefund,
  { at, by, detail, gatewayCalls = [], pg }: RefundSucceeded,
): PaymentWithRefund => {
  const units = refund.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const after = transitionPayment(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} paid back`,
    change: {
      refunded: payment.refunded + refund.amount,
      refundPending: payment.refundPending - refund.amount,
      ...(units > 0 && { refundedUnits: (payment.refundedUnits ?? 0) + units }),
    },
  });
  const remainingAmount = after.amount - after.refunded;
  const change = {
    ...(pg && { pg }),
    remainingAmount: remainingAmount,
    paymentVersion: after.version,
    soldAt: saleTimeOf(payment),
  };
  // Why it was under review is told by its journal.
  const { failure, ...withoutFailure } = refund;

  return {
    payment: after,
    refund: transitionRefund(withoutFailure, 'succeeded', { at, by, detail, gatewayCalls, change }),
  };
};

/**
 * What somebody refunded at the gateway, as a refund that nobody had asked us for: it begins where others
 * end.
 */
export const createExternalRefund = (
  fields: NewRefund,
  { at, by, detail, gatewayCalls = [] }: SettlementInput,
): Refund => {
  const { to } = refundTransitions.recorded;
  const now = at.toISOString();
  const entry = {
    version: 1,
    at: now,
    to,
    by,
    detail,
    ...(gatewayCalls.length > 0 && { gatewayCalls: gatewayCalls }),
  };

  return {
    ...fields,
    status: to,
    version: 1,
    attempts: 0,
    createdAt: now,
    updatedAt: now,
    history: [entry],
  };
};

/** Takes it off what is left of the payment; undefined where another refund has set that aside meanwhile. */
export const applyExternalRefund = (
  { payment, refund }: PaymentWithRefund,
  { at, by }: SettlementInput,
): PaymentWithRefund | undefined => {
  if (refund.amount > refundableAmount(payment)) return undefined;
  const after = transitionPayment(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} booked, made at the gateway`,
    change: { refunded: payment.refunded + refund.amount },
  });

  return {
    payment: after,
    refund: {
      ...refund,
      remainingAmount: after.amount - after.refunded,
      paymentVersion: after.version,
      soldAt: saleTimeOf(payment),
    },
  };
};

/**
 * What was set aside can be refunded again. Why the gateway did not pay it may be a refund of somebody else:
 * the two are compared.
 */
export const applyRefundFailure = (
  { payment, refund }: PaymentWithRefund,
  { at, by, detail, gatewayCalls = [], failure }: RefundDeclined,
): PaymentWithRefund => ({
  payment: transitionPayment(payment, 'refundFailed', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} refused`,
    change: {
      refundPending: payment.refundPending - refund.amount,
      ...(refund.amount > 0 && { hintedAt: latestHint(payment, at.toISOString()) }),
      ...(refund.lines.length > 0 && {
        refundedLines: releaseLines(refundedLinesOf(payment), refund.lines),
      }),
    },
  }),
  refund: transitionRefund(refund, 'failed', { at, by, detail, gatewayCalls, change: { failure } }),
});

/** The moment of the sale, in the day of which its refunds are counted, too. */
export const saleTimeOf = ({ history, updatedAt }: Payment): string =>
  history.find(({ to }) => to === 'COMPLETED')?.at ?? updatedAt;
