import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { createPaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../support/builders/builders.ts';
import { applyTransition } from '../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

const aTable = () => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });

  return { tables, payments: createPaymentRepository(tables.client, 'Payments') };
};

const seen = (detail: string) => ({ at: noon.toISOString(), by: 'test', detail });

describe('evidence of a payment', () => {
  it('is kept in the order in which it came, and outlives a move that did not know of it', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    await payments.recordEvidence(payment, seen('first'));
    await payments.recordEvidence(payment, seen('second'));
    const isMoved = await payments.tryUpdate(payment, applyTransition(payment, 'claimed'));

    expect(isMoved).toBe(true);
    expect(tables.items<Payment>('Payments')).toMatchObject([
      { status: 'CHARGING', version: 2, evidence: [seen('first'), seen('second')] },
    ]);
  });

  it('has an end, so that no payment grows without bounds: the oldest gives way', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    for (let index = 0; index < 25; index += 1) {
      expect(await payments.recordEvidence(payment, seen(`no. ${index}`))).toBe(true);
    }

    const { evidence = [] } = tables.items<Payment>('Payments')[0] ?? {};
    expect(evidence.map(({ detail }) => detail)).toEqual(
      Array.from({ length: 20 }, (_, index) => `no. ${index + 5}`),
    );
  });

  it('counts what says the same again, whenever it was and however long it took', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);
    const at = (minute: number) => new Date(noon.getTime() + minute * 60_000).toISOString();

    await payments.recordEvidence(payment, {
      ...seen('not found 20 ms after the claim'),
      at: at(0),
    });
    await payments.recordEvidence(payment, { ...seen('approved as tx'), at: at(1) });
    await payments.recordEvidence(payment, {
      ...seen('not found 900 ms after the claim'),
      at: at(2),
    });

    expect(tables.items<Payment>('Payments')[0]?.evidence).toEqual([
      { ...seen('approved as tx'), at: at(1) },
      {
        ...seen('not found 900 ms after the claim'),
        at: at(2),
        firstSeenAt: at(0),
        occurrences: 2,
      },
    ]);
  });

  it('loses nothing where many write it at the same time', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    await Promise.all(
      ['a', 'b', 'c'].map((detail) => payments.recordEvidence(payment, seen(detail))),
    );

    expect(tables.items<Payment>('Payments')[0]?.evidence).toHaveLength(3);
  });

  it('is of a payment that is there', async () => {
    const { tables, payments } = aTable();

    expect(await payments.recordEvidence(aPayment(), seen('nobody'))).toBe(false);
    expect(tables.items('Payments')).toEqual([]);
  });
});
