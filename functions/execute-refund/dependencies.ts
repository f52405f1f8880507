import type {
  createFailRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';

export interface ExecuteRefundDependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow'>;
  readonly refunds: Pick<RefundRepository, 'tryUpdate' | 'tryLease'>;
  readonly gateway: Pick<PaymentGateway, 'refund' | 'inquireRefund'>;
  readonly settle: ReturnType<typeof createSettleRefund>;
  readonly fail: ReturnType<typeof createFailRefund>;
  readonly clock: Clock;
  readonly timings: Timings;
}
