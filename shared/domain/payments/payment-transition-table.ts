import type { EventName } from '../events/domain-event.ts';
import type { Transition } from '../state-machine.ts';
import type { PaymentStatus } from './payment.ts';

/** The transition table of a payment. The repository, the tests and docs/states.md use it. */
export const paymentTransitions = {
  accepted: { from: [], to: 'RESERVED', description: 'accept committed', event: 'PaymentReserved' },
  methodRequired: {
    from: [],
    to: 'REQUIRES_METHOD',
    description: 'accept committed without a payment method',
    event: 'PaymentMethodRequired',
  },
  confirmed: {
    from: ['REQUIRES_METHOD'],
    to: 'RESERVED',
    description: 'the buyer provides a payment method',
    event: 'PaymentReserved',
  },
  acceptRejected: {
    from: [],
    to: 'COMPENSATED',
    description: 'accept rejected, nothing reserved; the order is released with it',
    event: 'PaymentCompensated',
  },
  rejectionStored: {
    from: [],
    to: 'FAILED',
    description: 'accept rejected, stored by an earlier version of the service',
    event: 'PaymentFailed',
  },
  claimed: { from: ['RESERVED'], to: 'CHARGING', description: 'the charger claims' },
  chargeNotSent: {
    from: ['CHARGING'],
    to: 'RESERVED',
    description: 'the charge was provably not sent',
  },
  holdReleased: {
    from: ['RESERVED', 'REQUIRES_METHOD'],
    to: 'FAILED',
    description: 'cancelled, or the hold expires unclaimed',
    event: 'PaymentFailed',
  },
  actionRequired: {
    from: ['CHARGING', 'UNKNOWN'],
    to: 'REQUIRES_ACTION',
    description: 'the gateway waits for the buyer',
    event: 'PaymentActionRequired',
  },
  captured: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'IN_REVIEW'],
    to: 'COMPLETED',
    description: 'approved; amount, currency and reference agree',
    event: 'PaymentCompleted',
  },
  declinedKept: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION'],
    to: 'REQUIRES_METHOD',
    description: 'declined with `onDecline: keep`; another payment method may follow',
    event: 'PaymentDeclined',
  },
  declined: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'IN_REVIEW'],
    to: 'FAILED',
    description: 'conclusively declined, evidence stored',
    event: 'PaymentFailed',
  },
  outcomeUnknown: {
    from: ['CHARGING', 'REQUIRES_ACTION'],
    to: 'UNKNOWN',
    description: 'ambiguous answer, or the claim expired',
    event: 'PaymentOutcomeUnknown',
  },
  inquiryInconclusive: {
    from: ['UNKNOWN'],
    to: 'UNKNOWN',
    description: 'inquiry inconclusive',
  },
  reviewOpened: {
    from: ['CHARGING', 'UNKNOWN', 'REQUIRES_ACTION', 'FAILED', 'LATE_CAPTURED'],
    to: 'IN_REVIEW',
    description: 'amount mismatch, inquiry schedule exhausted, or compensation step failed',
    event: 'PaymentReviewOpened',
  },
  compensationStarted: {
    from: ['FAILED'],
    to: 'FAILED',
    description: 'not compensated in one transaction; the workflow runs each step',
    event: 'PaymentCompensationStarted',
  },
  compensated: {
    from: ['FAILED', 'IN_REVIEW'],
    to: 'COMPENSATED',
    description: 'every target restored and recorded',
    event: 'PaymentCompensated',
  },
  lateCaptured: {
    from: ['FAILED', 'COMPENSATED'],
    to: 'LATE_CAPTURED',
    description: 'the gateway captured after the payment had failed',
    event: 'PaymentLateCaptured',
  },
  lateCaptureRuledOut: {
    from: ['COMPENSATED'],
    to: 'COMPENSATED',
    description: 'late-capture check: not captured',
  },
  reversalUnconfirmed: {
    from: ['LATE_CAPTURED'],
    to: 'LATE_CAPTURED',
    description: 'reversal at the gateway unconfirmed',
  },
  reversed: {
    from: ['LATE_CAPTURED', 'IN_REVIEW'],
    to: 'REVERSED',
    description: 'reversal at the gateway succeeded',
    event: 'PaymentReversed',
  },
  refundRequested: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund is requested; its amount is set aside',
  },
  refundSettled: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund succeeded',
  },
  refundFailed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund failed; its amount is refundable again',
  },
  disputed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'the buyer disputes the charge at the bank',
    event: 'PaymentDisputed',
  },
  disputeClosed: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'the bank has decided the dispute',
    event: 'DisputeClosed',
  },
  refundedElsewhere: {
    from: ['COMPLETED'],
    to: 'COMPLETED',
    description: 'a refund was made at the gateway and not by this service',
    event: 'PaymentRefundedElsewhere',
  },
} as const satisfies Record<string, Transition<PaymentStatus, EventName>>;
