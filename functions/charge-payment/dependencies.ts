import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import type { RecordChargeOutcome } from '../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { CircuitBreaker } from '../../shared/lambda/circuit-breaker.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

/** The payment after an attempt, and the decision that led to it. */
export interface ChargeAttempt {
  readonly after: Payment;
  readonly decision: TransitionDecision;
}

export interface ChargeDependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'tryUpdate'>;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly breaker: CircuitBreaker<ChargeAttempt>;
  readonly record: RecordChargeOutcome;
  readonly clock: Clock;
  readonly timings: Timings;
}
