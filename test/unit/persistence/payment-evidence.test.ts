import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { createPaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../support/builders/builders.ts';
import { applyTransition } from '../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

const createPaymentTable = () => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });

  return { tables, payments: createPaymentRepository(tables.client, 'Payments') };
};

const observation = (detail: string) => ({ at: noon.toISOString(), by: 'test', detail });

describe('record evidence', () => {
  it('appends in order and survives a concurrent transition', async () => {
    const { tables, payments } = createPaymentTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    await payments.recordEvidence(payment, observation('first'));
    await payments.recordEvidence(payment, observation('second'));
    const isWritten = await payments.tryUpdate(payment, applyTransition(payment, 'claimed'));

    expect(isWritten).toBe(true);
    expect(tables.items<Payment>('Payments')).toMatchObject([
      { status: 'CHARGING', version: 2, evidence: [observation('first'), observation('second')] },
    ]);
  });

  it('keeps a bounded number of entries and drops the oldest', async () => {
    const { tables, payments } = createPaymentTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    for (let index = 0; index < 25; index += 1) {
      expect(await payments.recordEvidence(payment, observation(`no. ${index}`))).toBe(true);
    }

    const { evidence = [] } = tables.items<Payment>('Payments')[0] ?? {};
    expect(evidence.map(({ detail }) => detail)).toEqual(
      Array.from({ length: 20 }, (_, index) => `no. ${index + 5}`),
    );
  });

  it('counts repeated observations that differ only in time', async () => {
    const { tables, payments } = createPaymentTable();
    const payment = aPayment();
    tables.put('Payments', payment);
    const at = (minute: number) => new Date(noon.getTime() + minute * 60_000).toISOString();

    await payments.recordEvidence(payment, {
      ...observation('not found 20 ms after the claim'),
      at: at(0),
    });
    await payments.recordEvidence(payment, { ...observation('approved as tx'), at: at(1) });
    await payments.recordEvidence(payment, {
      ...observation('not found 900 ms after the claim'),
      at: at(2),
    });

    expect(tables.items<Payment>('Payments')[0]?.evidence).toEqual([
      { ...observation('approved as tx'), at: at(1) },
      {
        ...observation('not found 900 ms after the claim'),
        at: at(2),
        firstSeenAt: at(0),
        occurrences: 2,
      },
    ]);
  });

  it('keeps the evidence of concurrent writers', async () => {
    const { tables, payments } = createPaymentTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    await Promise.all(
      ['a', 'b', 'c'].map((detail) => payments.recordEvidence(payment, observation(detail))),
    );

    expect(tables.items<Payment>('Payments')[0]?.evidence).toHaveLength(3);
  });

  it('returns false for a payment that does not exist', async () => {
    const { tables, payments } = createPaymentTable();

    expect(await payments.recordEvidence(aPayment(), observation('no payment'))).toBe(false);
    expect(tables.items('Payments')).toEqual([]);
  });
});
