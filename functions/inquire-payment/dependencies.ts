import type { Clock } from '../../shared/domain/clock.ts';
import type { Evidence, Payment } from '../../shared/domain/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/pg/port.ts';
import type { RecordOutcome } from '../../shared/runtime/outcome.ts';

/** What an inquiry needs of the world; tests bring their own. */
export interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'refund' | 'inquireRefund'>;
  readonly record: RecordOutcome;
  /** Keeps beside the payment what moves nothing. */
  readonly note: (
    payment: Payment,
    seen: Pick<Evidence, 'detail' | 'asked' | 'wish'>,
  ) => Promise<unknown>;
  /** Lets a payment be due later, without moving it. */
  readonly postpone: (payment: Payment, dueAt: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the PG said, where it moves nothing. */
export interface Seen {
  readonly seen: string;
}
