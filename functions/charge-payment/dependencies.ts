import type { Payments } from '../../shared/data/payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/pg/port.ts';
import type { Verdict } from '../../shared/pg/verdict.ts';
import type { Breaker } from '../../shared/runtime/breaker.ts';
import type { RecordOutcome } from '../../shared/runtime/outcome.ts';

/** What a try has left of a payment, and why. */
export interface Tried {
  readonly after: Payment;
  readonly verdict: Verdict;
}

/** What charging needs of the world; tests bring their own. */
export interface Dependencies {
  readonly payments: Pick<Payments, 'existing' | 'moved'>;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly breaker: Breaker<Tried>;
  readonly record: RecordOutcome;
  readonly clock: Clock;
  readonly timings: Timings;
}
