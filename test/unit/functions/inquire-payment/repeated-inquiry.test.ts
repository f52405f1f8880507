import { describe, expect, it } from 'vitest';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import { anUnknownPayment, approved, createInquiryHarness, inProgress } from './harness.ts';

describe('a repeated inquiry', () => {
  it('is answered with what the first one wrote', async () => {
    const { world, step } = createInquiryHarness(anUnknownPayment(), { inquiries: [approved] });
    const asRead = world.stored;
    const first = await step(asRead);

    expect(await step(asRead)).toEqual({ ...first, replayed: true });

    expect(first).toMatchObject({ value: { status: 'COMPLETED' }, replayed: false });
    expect(world.stored.version).toBe(asRead.version + 1);
  });

  it('keeps waiting if another function wrote the payment', async () => {
    const { world, inquire } = createInquiryHarness(anUnknownPayment(), {
      inquiries: [inProgress],
    });
    world.duringInquiry = () => {
      world.stored = applyTransition(world.stored, 'reviewOpened');
    };

    await expect(inquire()).rejects.toBeInstanceOf(DeferredError);
  });
});
