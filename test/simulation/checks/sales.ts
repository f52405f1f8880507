import type { OrderLine } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { RunRecord } from '../run-record.ts';
import { paymentsOf, refundsOf } from './stored-items.ts';

/** A completed payment or a succeeded refund, as points and rankings must count it. */
export interface Sale {
  readonly eventId: string;
  readonly paymentId: string;
  readonly userId: string;
  /** When the payment completed, ISO 8601. */
  readonly soldAt: string;
  /** The version of the payment after it. */
  readonly paymentVersion: number;
  /** What remains of the payment then, in minor units. */
  readonly remainingAmount: number;
  readonly lines: readonly OrderLine[];
  readonly sign: 1 | -1;
}

const completionOf = ({ history }: Payment) => history.find(({ to }) => to === 'COMPLETED');

/** Every sale and every return of the stored payments and refunds. */
export const salesOf = (run: Pick<RunRecord, 'tables'>): readonly Sale[] => {
  const refunds = Map.groupBy(refundsOf(run), ({ paymentId }) => paymentId);

  return paymentsOf(run).flatMap((payment): Sale[] => {
    const { paymentId, userId, amount, reservation } = payment;
    const completion = completionOf(payment);
    if (completion === undefined) return [];
    const common = { paymentId, userId, soldAt: completion.at };
    const returns = (refunds.get(paymentId) ?? [])
      .filter(({ status }) => status === 'SUCCEEDED')
      .map(
        (refund): Sale => ({
          ...common,
          eventId: `${refund.refundId}-${refund.version}`,
          paymentVersion: refund.paymentVersion ?? 0,
          remainingAmount: refund.remainingAmount ?? 0,
          lines: refund.lines,
          sign: -1,
        }),
      );

    return [
      {
        ...common,
        eventId: `${paymentId}-${completion.version}`,
        paymentVersion: completion.version,
        remainingAmount: amount,
        lines: reservation?.lines ?? [],
        sign: 1,
      },
      ...returns,
    ];
  });
};
