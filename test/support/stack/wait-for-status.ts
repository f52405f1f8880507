import { expect } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { eventually } from '../eventually.ts';
import { storedPayment } from './repositories.ts';

/** The payment as it is stored once it has reached a state. What it passes quickly may be missed. */
export const waitForStatus = (
  paymentId: string,
  status: Payment['status'],
  options?: Parameters<typeof eventually>[1],
): Promise<Payment> =>
  eventually(async () => {
    const payment = await storedPayment(paymentId);
    expect(payment).toMatchObject({ status });

    return payment;
  }, options);
