import type { Timings } from '../timings.ts';
import { releaseCancelled } from './cancellation.ts';
import { isHoldExpired, releaseExpired } from './hold-expiry.ts';
import { owesComparison } from './inquiry-hint.ts';
import { firstInquiry } from './inquiry-schedule.ts';
import type { Payment } from './payment.ts';
import type { PaymentEvent } from './payment-events.ts';
import { advance, type Step } from './payment-transitions.ts';
import { owesCancel } from './refundable.ts';

type Remedy =
  /** The PG is to be asked. */
  | 'inquire'
  /** The event whose message was lost, or whose listener left the rest to the sweeper. */
  | { readonly tell: PaymentEvent }
  /** The payment as nobody else is going to move it. */
  | { readonly after: Payment };

const by = 'sweep-payments';

/** Whether what is due at a time should have moved by now. A time that is none has passed: else nobody would ever look at it. */
export const isOverdue = (
  dueAt: string | undefined,
  at: Date,
  { overdueAfterMs }: Pick<Timings, 'overdueAfterMs'>,
): boolean => dueAt !== undefined && !(at.getTime() - Date.parse(dueAt) < overdueAfterMs);

/** The next right thing for a payment that did not move in time; undefined where it may still move by itself. */
export const remedyOf = (payment: Payment, at: Date, timings: Timings): Remedy | undefined => {
  switch (payment.status) {
    case 'RESERVED':
      if (payment.cancelRequestedAt !== undefined) {
        return { after: releaseCancelled(payment, at, by) };
      }

      return isHoldExpired(payment, at, timings)
        ? { after: releaseExpired(payment, at, by) }
        : { tell: 'PaymentReserved' };
    case 'CHARGING':
      return at.getTime() < Date.parse(payment.claimExpiresAt ?? payment.updatedAt)
        ? undefined
        : { after: expireClaim(payment, { at, by }, timings) };
    case 'UNKNOWN':
    case 'COMPENSATED':
      return 'inquire';
    case 'LATE_CAPTURED':
      return { tell: 'PaymentLateCaptured' };
    case 'FAILED':
      return { tell: 'PaymentFailed' };
    case 'IN_REVIEW':
      return { tell: 'PaymentReviewOpened' };
    case 'COMPLETED':
      if (owesCancel(payment)) return { tell: 'PaymentCompleted' };

      return owesComparison(payment) ? 'inquire' : undefined;
    default:
      return undefined;
  }
};

/** CHARGING -> UNKNOWN: the holder of a claim that expired may have charged before it died. */
export const expireClaim = (
  payment: Payment,
  step: Pick<Step, 'at' | 'by'>,
  timings: Timings,
): Payment =>
  advance(payment, 'outcomeUnknown', {
    ...step,
    detail: 'the claim expired',
    change: { dueAt: firstInquiry(payment, step.at, timings) },
  });
