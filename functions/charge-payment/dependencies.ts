import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import type { RecordChargeOutcome } from '../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { CircuitBreaker } from '../../shared/lambda/circuit-breaker.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

/** What a try has left of a payment, and why. */
export interface ChargeAttempt {
  readonly after: Payment;
  readonly decision: TransitionDecision;
}

/** What charging needs of the world; tests bring their own. */
export interface ChargeDependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'tryUpdate'>;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly breaker: CircuitBreaker<ChargeAttempt>;
  readonly record: RecordChargeOutcome;
  readonly clock: Clock;
  readonly timings: Timings;
}
