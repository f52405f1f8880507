import type {
  failRefundIn,
  settleRefundIn,
} from '../../shared/application/refunds/settle-refund.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';

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
