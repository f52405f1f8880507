import { uncompensatedTargets } from '../../shared/domain/compensation/compensation-target.ts';
import {
  listPendingActions,
  type PendingActionTimings,
} from '../../shared/domain/timeline/pending-actions.ts';
import { buildTimeline } from '../../shared/domain/timeline/timeline.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, buyerOf, parsePathParameter } from '../../shared/http/request.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { filterReadable } from '../../shared/persistence/readable-items.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import type { TimelineBody } from './operation.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOwned'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  readonly refunds: Pick<RefundRepository, 'listByPayment'>;
  readonly timings: PendingActionTimings;
}

/** Returns the past entries of the buyer's own payment, oldest first, and its pending actions. */
export const getTimeline =
  ({ payments, compensations, refunds, timings }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const payment = await payments.getOwned(buyerOf(event), parsePathParameter(event, 'paymentId'));
    const { paymentId, orderId } = payment;
    const [compensationRecords, refundRecords] = await Promise.all([
      compensations.listByPayment(paymentId),
      refunds.listByPayment(paymentId),
    ]);
    const entries = buildTimeline(payment, {
      compensations: filterReadable('compensations', compensationRecords),
      refunds: refundRecords,
    });
    const missing = uncompensatedTargets(payment, compensationRecords);
    const due = listPendingActions(payment, { refunds: refundRecords, missing }, timings);

    return {
      status: 200,
      body: { entries, pendingActions: due } satisfies TimelineBody,
      ids: { paymentId, orderId },
    };
  };
