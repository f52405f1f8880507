import { getPayment } from '../../../../functions/get-payment/handler.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createLongPoll } from '../../../../shared/http/long-poll.ts';
import { paymentNotFound } from '../../../../shared/persistence/payment-repository.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

export const order = anOrder({ userId: 'alice' });
export const pending = aPayment({ order });
export const stored = (given: Partial<Payment>): Payment => ({ ...pending, ...given });
export const completed = stored({ status: 'COMPLETED', version: 3 });

/** get-payment with its own clock. Each payment is stored from its second on. */
export const reading = (...story: readonly (readonly [fromSecond: number, payment: Payment])[]) => {
  let nowMs = noon.getTime();
  const pauses: number[] = [];
  let reads = 0;
  const slots = { taken: 0, givenBack: 0, isFree: true };
  const handler = httpHandler(
    getPayment({
      ...nextActionOptions,
      payments: {
        async getOwned(buyer, paymentId) {
          reads += 1;
          const second = (nowMs - noon.getTime()) / 1_000;
          const payment = story.findLast(([from]) => from <= second)?.[1];
          if (payment?.userId !== buyer) throw paymentNotFound(paymentId);

          return payment;
        },
      },
      poll: createLongPoll({
        clock: { now: () => new Date(nowMs) },
        async sleep(milliseconds) {
          pauses.push(milliseconds);
          nowMs += milliseconds;
        },
        async acquireSlot() {
          if (!slots.isFree) return undefined;
          slots.taken += 1;

          return async () => {
            slots.givenBack += 1;
          };
        },
      }),
    }),
  );

  return {
    get: (headers: Record<string, string> = {}, buyer = 'alice') =>
      call(handler, { method: 'GET', path: `/payments/${pending.paymentId}`, buyer, headers }),
    waitedMs: () => nowMs - noon.getTime(),
    reads: () => reads,
    pauses,
    slots,
  };
};
