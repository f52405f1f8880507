import type { Payments } from '../../shared/data/payments.ts';
import type { settleIn } from '../../shared/data/settle.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/pg/port.ts';

/** What charging needs of the world; tests bring their own. */
export interface Dependencies {
  readonly payments: Pick<Payments, 'find' | 'moved'>;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly settle: ReturnType<typeof settleIn>;
  readonly clock: Clock;
  readonly timings: Timings;
}
