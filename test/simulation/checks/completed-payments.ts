import type { Check } from './check.ts';
import { describePayment, paymentsOf } from './stored-items.ts';

export const completedPayments: Check = {
  name: 'completed-payments',
  property:
    'A completed payment has no failure, has reserved something, and was charged unless it cost nothing.',
  invariants: [2, 5],
  atEnd: (run) =>
    paymentsOf(run)
      .filter(({ status }) => status === 'COMPLETED')
      .flatMap((payment) => {
        const { failure, reservation, amount, paymentId } = payment;
        const name = describePayment(payment);
        const isCharged = run.gateway.truthOf(paymentId).captures > 0;

        return [
          ...(failure ? [`${name} has the failure ${failure.code}`] : []),
          ...(reservation ? [] : [`${name} has reserved nothing`]),
          ...(amount > 0 && !isCharged ? [`${name} was never captured`] : []),
          ...(amount === 0 && isCharged ? [`${name} costs nothing and was captured`] : []),
        ];
      }),
};
