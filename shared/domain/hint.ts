import type { Payment } from './payment.ts';
import type { PaymentStatus } from './transitions.ts';

type Hinted = Pick<Payment, 'hintedAt' | 'inquiredAt'>;

/** Whether somebody said that the PG has news, and no inquiry has been answered since. Such a payment is asked about once it can be. */
export const hasOpenHint = ({ hintedAt, inquiredAt = '' }: Hinted): boolean =>
  hintedAt !== undefined && inquiredAt <= hintedAt;

/** Where a hint is kept until the payment has moved on: a charger, a compensation or a person is at work on it. */
export const keepsHint: readonly PaymentStatus[] = [
  'RESERVED',
  'CHARGING',
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
];
