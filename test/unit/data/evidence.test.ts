import { describe, expect, it } from 'vitest';
import { paymentsIn } from '../../../shared/data/payments.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { aPayment, noon } from '../../support/builders.ts';
import { MemoryDynamo } from '../../support/memory-dynamo.ts';
import { moved } from '../../support/payment-history.ts';

const aTable = () => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });

  return { tables, payments: paymentsIn(tables.client, 'Payments') };
};

const seen = (detail: string) => ({ at: noon.toISOString(), by: 'test', detail });

describe('evidence of a payment', () => {
  it('is kept in the order in which it came, and outlives a move that did not know of it', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);

    await payments.note(payment, seen('first'));
    await payments.note(payment, seen('second'));
    const isMoved = await payments.moved(payment, moved(payment, 'claimed'));

    expect(isMoved).toBe(true);
    expect(tables.items<Payment>('Payments')).toMatchObject([
      { status: 'CHARGING', version: 2, evidence: [seen('first'), seen('second')] },
    ]);
  });

  it('has an end, so that no payment grows without bounds', async () => {
    const { tables, payments } = aTable();
    const payment = aPayment();
    tables.put('Payments', payment);
    const tries = Array.from({ length: 25 }, (_, index) => seen(`${index}`));

    const kept: boolean[] = [];
    for (const each of tries) kept.push(await payments.note(payment, each));

    expect(kept.filter(Boolean)).toHaveLength(20);
    expect(tables.items<Payment>('Payments')[0]?.evidence).toHaveLength(20);
  });

  it('is of a payment that is there', async () => {
    const { tables, payments } = aTable();

    expect(await payments.note(aPayment(), seen('nobody'))).toBe(false);
    expect(tables.items('Payments')).toEqual([]);
  });
});
