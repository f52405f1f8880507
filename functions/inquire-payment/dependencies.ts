import type {
  createRecordEvidence,
  RecordChargeOutcome,
} from '../../shared/application/payments/record-charge-outcome.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

/** What an inquiry needs of the world; tests bring their own. */
export interface InquireOnceDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'refund' | 'inquireRefund'>;
  readonly record: RecordChargeOutcome;
  /** Keeps beside the payment what moves nothing. */
  readonly recordEvidence: ReturnType<typeof createRecordEvidence>;
  readonly payments: Pick<PaymentRepository, 'recordHint' | 'reschedule' | 'tryLease'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the PG said, where it moves nothing. */
export interface Observation {
  readonly observation: string;
  /** The PG gave no answer, and nothing else asks it again soon. */
  readonly hasNoAnswer?: boolean;
  /** The PG has the money. It must not be forgotten, whatever becomes of the payment next. */
  readonly isCaptured?: boolean;
}
