import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;
// Without a part for the gateway no inquiry is made, so either decision is possible.
const free = { gatewayAmount: 0 };
const reason = 'The dashboard shows it, ticket 4711.';

const anyDecisions = fc.array(
  fc.record({
    by: fc.constantFrom('olivia', 'omar', 'uma'),
    decision: fc.constantFrom<Decision>('completed', 'failed'),
  }),
  { minLength: 2, maxLength: 5 },
);

describe('a review that needs a second person', () => {
  it('is decided once by two persons, whatever they send at the same time', async () => {
    const ends = new Set<string>();

    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyDecisions, async (scheduler, sent) => {
        const world = { isOpen: false };
        const turn = () =>
          world.isOpen ? scheduler.schedule(Promise.resolve()) : Promise.resolve();
        const harness = await anOpenReview(mismatch, free, turn, 1);
        const { resolve, reviewId, payment, review } = harness;
        world.isOpen = true;

        const replies = await scheduler.waitFor(
          Promise.all(
            sent.map(({ by, decision }) => {
              harness.time.seconds += 1;

              return resolve(reviewId, decision, { by, reason });
            }),
          ),
        );

        const { status, audit, decision } = review();
        const statuses = replies.map((reply) => reply.status);
        ends.add(status);
        if (status === 'OPEN') {
          expect(statuses).not.toContain(200);
          expect(payment()).toMatchObject({ status: 'IN_REVIEW', version: 3 });
          return;
        }
        expect(audit).toHaveLength(1);
        const [{ by = '', proposal } = {}] = audit;
        expect(proposal?.by).not.toBe(by);
        expect(proposal?.decision).toBe(decision);
        for (const person of [by, proposal?.by])
          expect(sent).toContainEqual({ by: person, decision });
        expect(payment()).toMatchObject({
          version: 4,
          status: decision === 'completed' ? 'COMPLETED' : 'FAILED',
        });
      }),
    );

    expect([...ends].toSorted()).toEqual(['OPEN', 'RESOLVED']);
  });

  it.each(['olivia', 'omar'])('is decided once if the function of %s crashes', async (crashing) => {
    for (let step = 1; step <= 20; step += 1) {
      const crash = { left: Number.POSITIVE_INFINITY };
      const turn = async () => {
        crash.left -= 1;
        if (crash.left === 0) throw new Error('The function crashed.');
      };
      const harness = await anOpenReview(mismatch, free, turn, 1);
      const { resolve, reviewId, payment, review, tables } = harness;
      const send = (by: string) => {
        harness.time.seconds += 1;

        return resolve(reviewId, 'completed', { by, reason });
      };
      for (const by of ['olivia', 'omar']) {
        crash.left = by === crashing ? step : Number.POSITIVE_INFINITY;
        await send(by);
        crash.left = Number.POSITIVE_INFINITY;
        await send(by);
      }

      expect(review()).toMatchObject({
        status: 'RESOLVED',
        audit: [{ by: 'omar', proposal: { by: 'olivia' } }],
      });
      expect(payment()).toMatchObject({ status: 'COMPLETED', version: 4 });
      expect(tables.items('Audits')).toHaveLength(1);
    }
  });
});
