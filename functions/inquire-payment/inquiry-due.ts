import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment-transitions.ts';

/** Where the PG is asked by itself. What a person decides is asked about only where somebody has a reason to. */
const scheduledStatuses: readonly PaymentStatus[] = ['UNKNOWN', 'COMPENSATED', 'LATE_CAPTURED'];

/** When the PG is to be asked about a payment, if ever. While a failure is being compensated, it waits for the end of that. */
export const inquiryDueAt = ({ status, dueAt, lateCaptureCheck }: Payment): string | undefined => {
  if (status === 'FAILED') return lateCaptureCheck?.nextAt;

  return scheduledStatuses.includes(status) ? dueAt : undefined;
};

/** When the schedule itself has the PG asked: a hint makes a compensated payment due, and takes no late check. */
export const scheduledInquiryAt = (payment: Payment): string | undefined =>
  payment.status === 'COMPENSATED' ? payment.lateCaptureCheck?.nextAt : inquiryDueAt(payment);
