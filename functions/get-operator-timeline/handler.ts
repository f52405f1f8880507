import type { PendingActionTimings } from '../../shared/domain/timeline/pending-actions.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, operatorOf, parsePathParameter } from '../../shared/http/request.ts';
import type { CompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import type { ConsumerStatusReader } from '../../shared/persistence/consumer-status.ts';
import {
  getPaymentForOperator,
  type PaymentRepository,
} from '../../shared/persistence/payment-repository.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';
import { operatorTimelineBody } from './body.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly compensations: Pick<CompensationRepository, 'listByPayment'>;
  readonly refunds: Pick<RefundRepository, 'listByPayment'>;
  readonly consumerStatus: ConsumerStatusReader;
  readonly timings: PendingActionTimings;
}

/** Returns the full timeline of any payment to an operator. */
export const getOperatorTimeline =
  ({ payments, compensations, refunds, consumerStatus, timings }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { sub: operator } = operatorOf(event);
    const paymentId = parsePathParameter(event, 'paymentId');
    const payment = await getPaymentForOperator(payments, paymentId);
    const [compensationRecords, refundRecords] = await Promise.all([
      compensations.listByPayment(paymentId),
      refunds.listByPayment(paymentId),
    ]);
    const records = { compensations: compensationRecords, refunds: refundRecords };
    const body = operatorTimelineBody(
      payment,
      records,
      await consumerStatus.read(payment, refundRecords),
      timings,
    );

    return { status: 200, body, ids: { paymentId, orderId: payment.orderId, operator } };
  };
