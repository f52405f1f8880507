import { expect } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { eventually } from '../eventually.ts';
import { storedPayment } from './repositories.ts';

/** Waits until the stored payment has a status. A status that it leaves quickly may be missed. */
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

/**
 * Waits for the reversal of a late capture. A compensation of more than a few seconds defers the immediate inquiry to the
 * sweeper: its schedule of a minute and its grace period then come on top.
 */
export const waitForReversal = (paymentId: string) =>
  waitForStatus(paymentId, 'REVERSED', { timeoutMs: 100_000 });
