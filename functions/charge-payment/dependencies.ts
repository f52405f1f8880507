import type { Payments } from '../../shared/data/payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/pg/port.ts';
import type { RecordOutcome } from '../../shared/runtime/outcome.ts';

/** What charging needs of the world; tests bring their own. */
export interface Dependencies {
  readonly payments: Pick<Payments, 'existing' | 'moved'>;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly record: RecordOutcome;
  readonly clock: Clock;
  readonly timings: Timings;
}
