import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import type { RecordOutcome } from '../../shared/application/payments/record-charge-outcome.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { Breaker } from '../../shared/lambda/circuit-breaker.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';

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
