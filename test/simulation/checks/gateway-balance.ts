import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { gatewayRemainderOf } from '../../../shared/domain/payments/tenders.ts';
import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isKnownDifference, netAtGateway } from './known-differences.ts';
import { describePayment, isPaymentFinal, paymentsOf, unless } from './stored-items.ts';

const faultsOf = (run: RunRecord, payment: Payment): readonly string[] => {
  const { captured, refunded } = truthOfPayment(run.gateway, payment.paymentId);
  const ours = payment.status === 'COMPLETED' ? gatewayRemainderOf(payment) : 0;
  const net = netAtGateway(run, payment);
  // It is not known yet whether the gateway paid a refund under review.
  const isUndecided = net < ours && net >= ours - (payment.gatewayRefundPending ?? 0);

  return [
    ...unless(
      refunded <= captured,
      () => `${describePayment(payment)}: ${refunded} of ${captured} is refunded at the gateway`,
    ),
    ...unless(
      !isPaymentFinal(payment) ||
        net === ours ||
        isUndecided ||
        isKnownDifference(run, payment, net - ours),
      () => `${describePayment(payment)}: the gateway holds ${net}, we say ${ours}`,
    ),
  ];
};

/**
 * Two differences are allowed, and no other: one that a review names to the unit, and one that only a lost
 * webhook reports.
 */
export const gatewayBalance: Check = {
  name: 'gateway-balance',
  property:
    'The gateway holds exactly its part of a completed payment less its refunds, and nothing of a payment that was given back.',
  invariants: [4, 5],
  atEnd: (run) => paymentsOf(run).flatMap((payment) => faultsOf(run, payment)),
};
