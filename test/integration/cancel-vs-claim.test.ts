import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import {
  aPaymentOfTwoUnits,
  compensatedEnd,
  completedEnd,
  endStateOf,
  refundedEnd,
} from '../support/stack/cancellation-fixtures.ts';
import { storedPayment } from '../support/stack/repositories.ts';

it('ends forty cancellations that race the claim compensated, refunded or rejected', async () => {
  const methods = ['sim_decline', 'sim_approve_slow', 'sim_approve', 'sim_approve'];
  const race = async (index: number) => {
    const payment = await aPaymentOfTwoUnits(methods[index % methods.length] ?? '');
    // Half of them race the claim, the others the gateway's response.
    if (index % 2 === 1) {
      await eventually(
        async () =>
          expect(await storedPayment(payment.paymentId)).not.toMatchObject({ status: 'RESERVED' }),
        { intervalMs: 10 },
      );
    }
    const reply = await api.cancel(payment);

    return { payment, isCancelled: reply.status === 202 };
  };
  const raced = [
    ...(await Promise.all(Array.from({ length: 20 }, (_, index) => race(index)))),
    ...(await Promise.all(Array.from({ length: 20 }, (_, index) => race(index)))),
  ];

  for (const { payment, isCancelled } of raced) {
    await eventually(async () => {
      const end = await endStateOf(payment);
      const isPaid = end.payment === 'COMPLETED';
      expect(end).toEqual(isPaid ? (isCancelled ? refundedEnd : completedEnd) : compensatedEnd);
    });
  }
  // Some came before the claim, some before the response, some too late.
  const answers = raced.map(({ isCancelled }) => isCancelled);
  expect(answers).toContain(true);
  expect(answers).toContain(false);
});
