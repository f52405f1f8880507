import type {
  evidenceKeeper,
  RecordOutcome,
} from '../../shared/application/payments/record-charge-outcome.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';

/** What an inquiry needs of the world; tests bring their own. */
export interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'refund' | 'inquireRefund'>;
  readonly record: RecordOutcome;
  /** Keeps beside the payment what moves nothing. */
  readonly note: ReturnType<typeof evidenceKeeper>;
  readonly payments: Pick<Payments, 'hint' | 'reschedule' | 'takenInHand'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the PG said, where it moves nothing. */
export interface Seen {
  readonly seen: string;
  /** The PG gave no answer, and nothing else asks it again soon. */
  readonly isUnanswered?: boolean;
  /** The PG has the money. It must not be forgotten, whatever becomes of the payment next. */
  readonly isCaptured?: boolean;
}
