import type { Payments } from '../../shared/data/payments.ts';
import type { Refunds } from '../../shared/data/refunds.ts';
import type { failRefundIn, settleRefundIn } from '../../shared/data/settle-refund.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/pg/port.ts';

/** What paying back needs of the world; tests bring their own. */
export interface Dependencies {
  readonly payments: Pick<Payments, 'existing'>;
  readonly refunds: Pick<Refunds, 'moved' | 'takenInHand'>;
  readonly gateway: Pick<PaymentGateway, 'refund' | 'inquireRefund'>;
  readonly settle: ReturnType<typeof settleRefundIn>;
  readonly fail: ReturnType<typeof failRefundIn>;
  readonly clock: Clock;
  readonly timings: Timings;
}
