import { expect, it } from 'vitest';
import { decideTransition } from '../../../../shared/application/payments/decide-transition.ts';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const claimed = afterTransitions(aPayment({ paymentId: 'pay_1', onDecline: 'keep' }), 'claimed');
const decision = decideTransition(
  { outcome: 'declined', code: 'c', reason: 'r', buyerCode: 'card-declined' },
  claimed,
  noon,
  timings.local,
);

const createRecorder = () => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  tables.put('Payments', claimed);
  const payments = createPaymentRepository(tables.client, 'Payments');
  const clock = { now: () => later(5) };
  const capturePayment = async () => 'version-conflict' as const;

  return {
    payments,
    record: createRecordChargeOutcome({ payments, capturePayment, clock, by: 'charge-payment' }),
    stored: () => tables.items<Payment>('Payments')[0],
  };
};

it('keeps a declined payment for another payment method', async () => {
  const { record, stored } = createRecorder();

  expect(await record(claimed, decision)).toMatchObject({ status: 'REQUIRES_METHOD' });

  expect(stored()).toMatchObject({ status: 'REQUIRES_METHOD', attempt: 2 });
  expect(stored()).not.toHaveProperty('paymentMethod');
});

it('fails a declined payment whose buyer cancelled while it was charged', async () => {
  const { payments, record, stored } = createRecorder();
  await payments.recordCancelRequest(claimed, { at: later(3).toISOString() });

  expect(await record(claimed, decision)).toMatchObject({ status: 'FAILED' });

  expect(stored()).toMatchObject({
    status: 'FAILED',
    attempt: 1,
    cancelRequestedAt: later(3).toISOString(),
    failure: { code: 'card-declined' },
  });
});

it('writes no decline over another version', async () => {
  const { payments, record, stored } = createRecorder();
  const unknown = afterTransitions(claimed, 'outcomeUnknown');
  await payments.tryUpdate(claimed, unknown);

  expect(await record(claimed, decision)).toEqual(claimed);

  expect(stored()).toMatchObject({
    status: 'UNKNOWN',
    evidence: [{ detail: expect.stringContaining('version conflict') }],
  });
});
