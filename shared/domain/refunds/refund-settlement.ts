import { laterHint } from '../payments/inquiry-hint.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import { advance } from '../payments/payment-transitions.ts';
import { leftOf } from '../payments/refundable.ts';
import type { RefundedPayment } from './open-refund.ts';
import {
  advanceRefund,
  type Refund,
  type RefundBeginning,
  type RefundStep,
  refundTransitions,
} from './refund.ts';
import { returnedIn, withoutLines } from './refund-lines.ts';

interface Outcome extends Pick<RefundStep, 'at' | 'by' | 'asked'> {
  readonly detail: string;
}

export interface PaidBack extends Outcome {
  /** The PG's own id of the refund, and its clock. Absent where a person says so who has seen it there. */
  readonly pg?: Refund['pg'];
}

export interface RefundRefused extends Outcome {
  readonly failure: Failure;
}

/** What was set aside is refunded. The refund keeps what its event tells of the payment as it is from now on. */
export const settleRefund = (
  { payment, refund }: RefundedPayment,
  { at, by, detail, asked = [], pg }: PaidBack,
): RefundedPayment => {
  const units = refund.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const after = advance(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} paid back`,
    change: {
      refunded: payment.refunded + refund.amount,
      refundPending: payment.refundPending - refund.amount,
      ...(units > 0 && { unitsRefunded: (payment.unitsRefunded ?? 0) + units }),
    },
  });
  const net = after.amount - after.refunded;
  const change = {
    ...(pg && { pg }),
    net,
    paymentVersion: after.version,
    soldAt: soldAt(payment),
  };
  // Why it was under review is told by its journal.
  const { failure, ...sound } = refund;

  return {
    payment: after,
    refund: advanceRefund(sound, 'succeeded', { at, by, detail, asked, change }),
  };
};

/** What somebody refunded at the gateway, as a refund that nobody had asked us for: it begins where others end. */
export const recordedRefund = (
  beginning: RefundBeginning,
  { at, by, detail, asked = [] }: Outcome,
): Refund => {
  const { to } = refundTransitions.recorded;
  const now = at.toISOString();
  const entry = { version: 1, at: now, to, by, detail, ...(asked.length > 0 && { asked }) };

  return {
    ...beginning,
    status: to,
    version: 1,
    tries: 0,
    createdAt: now,
    updatedAt: now,
    history: [entry],
  };
};

/** Takes it off what is left of the payment; undefined where another refund has set that aside meanwhile. */
export const settleRecorded = (
  { payment, refund }: RefundedPayment,
  { at, by }: Outcome,
): RefundedPayment | undefined => {
  if (refund.amount > leftOf(payment)) return undefined;
  const after = advance(payment, 'refundSettled', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} booked, made at the gateway`,
    change: { refunded: payment.refunded + refund.amount },
  });

  return {
    payment: after,
    refund: {
      ...refund,
      net: after.amount - after.refunded,
      paymentVersion: after.version,
      soldAt: soldAt(payment),
    },
  };
};

/** What was set aside can be refunded again. Why the gateway did not pay it may be a refund of somebody else: the two are compared. */
export const failRefund = (
  { payment, refund }: RefundedPayment,
  { at, by, detail, asked = [], failure }: RefundRefused,
): RefundedPayment => ({
  payment: advance(payment, 'refundFailed', {
    at,
    by,
    detail: `refund ${refund.refundId} of ${refund.amount} ${refund.currency} refused`,
    change: {
      refundPending: payment.refundPending - refund.amount,
      ...(refund.amount > 0 && { hintedAt: laterHint(payment, at.toISOString()) }),
      ...(refund.lines.length > 0 && {
        returned: withoutLines(returnedIn(payment), refund.lines),
      }),
    },
  }),
  refund: advanceRefund(refund, 'failed', { at, by, detail, asked, change: { failure } }),
});

/** The moment of the sale, in the day of which its refunds are counted, too. */
export const soldAt = ({ history, updatedAt }: Payment): string =>
  history.find(({ to }) => to === 'COMPLETED')?.at ?? updatedAt;
