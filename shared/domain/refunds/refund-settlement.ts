import { mergeLines, type OrderLine } from '../orders/order.ts';
import { partsToRestock, withRestocked } from '../orders/stock-shards.ts';
import { latestHint } from '../payments/inquiry-hint.ts';
import type { Failure, Payment, PaymentChange } from '../payments/payment.ts';
import { transitionPayment } from '../payments/payment-transitions.ts';
import { gatewayRefundableAmount } from '../payments/refundable.ts';
import { refundedLinesOf } from '../payments/refunded-lines.ts';
import { createHistoryEntry } from '../state-machine.ts';
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
  /** The gateway's id and time of the refund. Absent if the gateway has no part of it, or an operator decided. */
  readonly pg?: Refund['pg'];
}

export interface RefundDeclined extends SettlementInput {
  readonly failure: Failure;
}

/** What a refund has set aside on its payment is no longer pending: both parts. */
const withoutPending = (payment: Payment, { amount, gatewayAmount }: Refund): PaymentChange => ({
  refundPending: payment.refundPending - amount,
  ...(gatewayAmount > 0 && {
    gatewayRefundPending: (payment.gatewayRefundPending ?? 0) - gatewayAmount,
  }),
});

/** A refund counts as refunded on its payment: both parts. */
const withRefunded = (payment: Payment, { amount, gatewayAmount }: Refund): PaymentChange => ({
  refunded: payment.refunded + amount,
  ...(gatewayAmount > 0 && {
    gatewayRefunded: (payment.gatewayRefunded ?? 0) + gatewayAmount,
  }),
});

const restockedLines = ({ lines }: Refund) =>
  new Map(
    mergeLines(lines.filter(({ restock }) => restock)).map(({ sku, quantity }) => [sku, quantity]),
  );

/** The units that a refund restocks, by the stock items that have sold them. */
export const unitsToRestock = ({ reservation }: Payment, refund: Refund): readonly OrderLine[] => {
  const reserved = new Map(reservation?.lines.map((line) => [line.sku, line]));

  return [...restockedLines(refund)].flatMap(([sku, quantity]) =>
    partsToRestock(reserved.get(sku) ?? { sku, quantity }, quantity),
  );
};

/** Each shard of the payment remembers what was restocked. Nothing changes without shards. */
const withRestockedUnits = ({ reservation }: Payment, refund: Refund): PaymentChange => {
  const restocked = restockedLines(refund);
  const isSharded = reservation?.lines.some(
    ({ sku, parts }) => parts !== undefined && restocked.has(sku),
  );
  if (!reservation || !isSharded) return {};

  return {
    reservation: {
      ...reservation,
      lines: reservation.lines.map((line) => withRestocked(line, restocked.get(line.sku) ?? 0)),
    },
  };
};

/** Settles a succeeded refund. The refund stores the payment fields that its event carries. */
export const applyRefundSuccess = (
  { payment, refund }: PaymentWithRefund,
  { at, by, detail, gatewayCalls = [], pg }: RefundSucceeded,
): PaymentWithRefund => {
  const units = refund.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const after = transitionPayment(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} succeeded`,
    change: {
      ...withRefunded(payment, refund),
      ...withoutPending(payment, refund),
      ...(units > 0 && { refundedUnits: (payment.refundedUnits ?? 0) + units }),
      ...withRestockedUnits(payment, refund),
    },
  });
  const remainingAmount = after.amount - after.refunded;
  const change = {
    ...(pg && { pg }),
    remainingAmount,
    paymentVersion: after.version,
    soldAt: saleTimeOf(payment),
  };
  // The history keeps the reason of its review.
  const { failure, ...withoutFailure } = refund;

  return {
    payment: after,
    refund: transitionRefund(withoutFailure, 'succeeded', { at, by, detail, gatewayCalls, change }),
  };
};

/**
 * Creates the refund that records a refund made at the gateway, which is its only part. Its first status is
 * SUCCEEDED.
 */
export const createExternalRefund = (
  fields: Omit<NewRefund, 'gatewayAmount'>,
  context: SettlementInput,
): Refund => {
  const { to } = refundTransitions.recorded;
  const at = context.at.toISOString();

  return {
    ...fields,
    gatewayAmount: fields.amount,
    status: to,
    version: 1,
    attempts: 0,
    createdAt: at,
    updatedAt: at,
    history: [createHistoryEntry({ version: 1, to }, context)],
  };
};

/** Settles a refund made at the gateway; undefined if it exceeds what the gateway can refund. */
export const applyExternalRefund = (
  { payment, refund }: PaymentWithRefund,
  { at, by }: SettlementInput,
): PaymentWithRefund | undefined => {
  if (refund.gatewayAmount > gatewayRefundableAmount(payment)) return undefined;
  const after = transitionPayment(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} recorded, made at the gateway`,
    change: {
      ...withRefunded(payment, refund),
      ...(payment.refundedElsewhere !== undefined && {
        refundedElsewhere: Math.max(payment.refundedElsewhere - refund.amount, 0),
      }),
    },
  });

  return {
    payment: after,
    refund: {
      ...refund,
      // The buyer may have been erased since the refund was planned.
      userId: payment.userId,
      remainingAmount: after.amount - after.refunded,
      paymentVersion: after.version,
      soldAt: saleTimeOf(payment),
    },
  };
};

/**
 * Settles a failed refund: both parts of its amount are refundable again. Leaves a hint to compare the payment with the
 * gateway, because a refund made there may be the reason.
 */
export const applyRefundFailure = (
  { payment, refund }: PaymentWithRefund,
  { at, by, detail, gatewayCalls = [], failure }: RefundDeclined,
): PaymentWithRefund => ({
  payment: transitionPayment(payment, 'refundFailed', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} failed`,
    change: {
      ...withoutPending(payment, refund),
      ...(refund.gatewayAmount > 0 && { hintedAt: latestHint(payment, at.toISOString()) }),
      ...(refund.lines.length > 0 && {
        refundedLines: releaseLines(refundedLinesOf(payment), refund.lines),
      }),
    },
  }),
  refund: transitionRefund(refund, 'failed', { at, by, detail, gatewayCalls, change: { failure } }),
});

/** When the payment completed. Rankings count its refunds on that day too. */
export const saleTimeOf = ({ history, updatedAt }: Payment): string =>
  history.find(({ to }) => to === 'COMPLETED')?.at ?? updatedAt;
