import { openPaymentWithoutMethod } from '../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { anOrder, noon } from './builders.ts';

/** A payment that waits for its first payment method since noon, with the given fields replaced. */
export const aWaitingPayment = (given: Partial<Payment> = {}): Payment => ({
  ...openPaymentWithoutMethod(
    {
      paymentId: 'pay_1',
      order: anOrder({ userId: 'alice', orderId: 'ord_1' }),
      balanceAmount: 2_000,
      requestHash: 'hash',
    },
    noon,
    timings.local,
  ),
  ...given,
});
