import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;

it('decides once for any concurrent decisions', async () => {
  // Without an amount no inquiry is made, so either decision is possible.
  const free = {
    amount: 0,
    gatewayAmount: 0,
    reservation: { balance: 0, lines: [{ sku: 'tea', quantity: 2 }] },
  };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom<Decision>('completed', 'failed'), { minLength: 2, maxLength: 4 }),
      async (scheduler, choices) => {
        const world = { isOpen: false };
        const turn = () =>
          world.isOpen ? scheduler.schedule(Promise.resolve()) : Promise.resolve();
        const { resolve, reviewId, payment, review, amounts } = await anOpenReview(
          mismatch,
          free,
          turn,
        );
        world.isOpen = true;

        const replies = await scheduler.waitFor(
          Promise.all(
            choices.map((choice, index) => resolve(reviewId, choice, { by: `operator-${index}` })),
          ),
        );

        const { decision, audit } = review();
        expect(audit).toHaveLength(1);
        expect(payment()).toMatchObject({
          version: 4,
          status: decision === 'completed' ? 'COMPLETED' : 'FAILED',
        });
        expect(amounts().sold).toBe(decision === 'completed' ? 2 : 0);
        for (const [index, { status }] of replies.entries()) {
          expect(status).toBe(choices[index] === decision ? 200 : 409);
        }
      },
    ),
  );
});
