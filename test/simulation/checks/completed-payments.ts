import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { Check } from './check.ts';
import { describePayment, paymentsOf } from './stored-items.ts';

export const completedPayments: Check = {
  name: 'completed-payments',
  property:
    'A completed payment has no failure, has reserved something, and was charged exactly if the gateway has a part of it.',
  invariants: [2, 5],
  atEnd: (run) =>
    paymentsOf(run)
      .filter(({ status }) => status === 'COMPLETED')
      .flatMap((payment) => {
        const { failure, reservation, gatewayAmount, paymentId } = payment;
        const name = describePayment(payment);
        const isCharged = truthOfPayment(run.gateway, paymentId).captures > 0;

        return [
          ...(failure ? [`${name} has the failure ${failure.code}`] : []),
          ...(reservation ? [] : [`${name} has reserved nothing`]),
          ...(gatewayAmount > 0 && !isCharged ? [`${name} was never captured`] : []),
          ...(gatewayAmount === 0 && isCharged ? [`${name} charged nothing and was captured`] : []),
        ];
      }),
};
