import type { Timings } from '../timings.ts';
import { isCompensationStarted } from './funds-state.ts';
import { expireHold, releaseEndedHold } from './hold-release.ts';
import { needsGatewayComparison } from './inquiry-hint.ts';
import { firstInquiryAt } from './inquiry-schedule.ts';
import type { Payment } from './payment.ts';
import type { PaymentEventName } from './payment-events.ts';
import { type TransitionInput, transitionPayment } from './payment-transitions.ts';
import { needsCancellationRefund } from './refundable.ts';

type RecoveryAction =
  /** Start an inquiry. */
  | 'inquire'
  /** Publish this event again. */
  | { readonly replay: PaymentEventName }
  /** Store this new version. */
  | { readonly after: Payment };

const by = 'sweep-payments';

/**
 * Whether something due at a time is overdue. An invalid time counts as overdue, so that the sweeper finds
 * it.
 */
export const isStuck = (
  dueAt: string | undefined,
  at: Date,
  { sweepGraceMs }: Pick<Timings, 'sweepGraceMs'>,
): boolean => dueAt !== undefined && !(at.getTime() - Date.parse(dueAt) < sweepGraceMs);

/**
 * Decides how the sweeper recovers a stuck payment; undefined if another function may still be working on it.
 */
export const decideRecovery = (
  payment: Payment,
  at: Date,
  timings: Timings,
): RecoveryAction | undefined => {
  switch (payment.status) {
    case 'REQUIRES_METHOD':
      return { after: releaseEndedHold(payment, at, by, timings) ?? expireHold(payment, at, by) };
    case 'RESERVED': {
      const after = releaseEndedHold(payment, at, by, timings);

      return after ? { after } : { replay: 'PaymentReserved' };
    }
    case 'CHARGING':
      // A claim does not move the due time, so the end of its lease counts.
      return isStuck(payment.claimExpiresAt ?? payment.updatedAt, at, timings)
        ? { after: expireClaim(payment, { at, by }, timings) }
        : undefined;
    case 'REQUIRES_ACTION':
    case 'UNKNOWN':
    case 'COMPENSATED':
      return 'inquire';
    case 'LATE_CAPTURED':
      return { replay: 'PaymentLateCaptured' };
    case 'FAILED':
      return {
        replay: isCompensationStarted(payment) ? 'PaymentCompensationStarted' : 'PaymentFailed',
      };
    case 'IN_REVIEW':
      return { replay: 'PaymentReviewOpened' };
    case 'COMPLETED':
    case 'REVERSED':
      if (needsCancellationRefund(payment)) return { replay: 'PaymentCompleted' };

      return needsGatewayComparison(payment) ? 'inquire' : undefined;
    default:
      return undefined;
  }
};

/** CHARGING -> UNKNOWN: the charger may have sent the charge before its claim expired. */
export const expireClaim = (
  payment: Payment,
  step: Pick<TransitionInput, 'at' | 'by'>,
  timings: Timings,
): Payment =>
  transitionPayment(payment, 'outcomeUnknown', {
    ...step,
    detail: 'the claim expired',
    change: { dueAt: firstInquiryAt(payment, step.at, timings) },
  });
