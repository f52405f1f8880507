import { reviewIdOf } from '../../shared/domain/ids.ts';
import { withhold } from '../faults/permissions.ts';
import type { Drill } from './drill.ts';
import type { Scene } from './drill-context.ts';
import { standing } from './probes.ts';
import { deadLetters, whatStands } from './shared-steps.ts';

const entry = 'Review opened';
const asOperator = '-H "authorization: Bearer $TOKEN"';
const ourReview = ({ notes }: Scene) =>
  (notes.get('review') ?? []).map((reviewId) => ({ 'rev_...': reviewId }));

interface Evidence {
  readonly code: string;
  readonly amountAtRisk: number;
  readonly currency: string;
  readonly decisions: readonly string[];
  readonly compensations: readonly { readonly target: string; readonly outcome: string }[];
}

/** The heart of a review: what was given back, and what may be decided. */
const evidence = (output: string): string => {
  const { code, amountAtRisk, currency, decisions, compensations } = JSON.parse(output) as Evidence;

  return [
    `${code}: ${amountAtRisk} ${currency} at risk`,
    ...compensations.map(({ target, outcome }) => `${target.replace(/#.*/, '')}: ${outcome}`),
    `may be decided: ${decisions.join(', ')}`,
  ].join('\n');
};

/** Until the review of the drill's payment is on the operators' list. */
const reviewed = (scene: Scene) =>
  scene.until(async () => {
    const { stored, text } = await standing(scene);
    const [payment] = stored;
    if (payment?.status !== 'IN_REVIEW') return { now: text, isSo: false };
    const reviewId = reviewIdOf(payment.paymentId, payment.version);
    scene.notes.set('review', [reviewId]);
    const { apiUrl } = scene.shell.stack;
    const { ok } = await fetch(`${apiUrl}/operator/reviews/${reviewId}`, {
      headers: { authorization: `Bearer ${scene.shell.token}` },
    });

    return { now: `${text}; ${ok ? 'on' : 'not yet on'} the operators' list`, isSo: ok };
  });

export const compensationStepLost: Drill = {
  name: 'compensation-step-lost',
  fault: 'restore-stock has lost the grant that it works with.',
  breaks: [
    {
      says: 'The role of restore-stock may not write to the products.',
      does: async ({ shell, mendsBy }) =>
        mendsBy(
          await withhold(shell.stack, 'restore-stock', {
            action: 'dynamodb:UpdateItem',
            table: shell.stack.tables.products,
          }),
        ),
    },
    {
      says: 'A buyer pays, and the PG declines.',
      does: ({ pay }) => pay('sim_decline', 'COMPENSATED'),
    },
    {
      says: 'Everything else is given back; then the payment goes to a person.',
      does: reviewed,
    },
  ],
  sees: [
    whatStands,
    deadLetters,
    {
      runs: `curl -s "$API/operator/reviews?by=age" ${asOperator}`,
      under: entry,
      shows: (output) => `${(JSON.parse(output) as { items: object[] }).items.length} on this page`,
    },
    {
      runs: `curl -s "$API/operator/reviews/rev_..." ${asOperator}`,
      under: entry,
      with: ourReview,
      shows: evidence,
    },
  ],
  rings: [{ alarm: 'AlarmsPaymentReviewOpened', heading: entry }],
  recovers: [
    { says: 'The grant is back, as after a deployment.', does: ({ mend }) => mend() },
    {
      runs: `curl -s "$API/operator/reviews/rev_.../resolve" ${asOperator} -H 'content-type: application/json' -d '{"decision":"failed","reason":"restore-stock has its grant back."}'`,
      under: entry,
      with: ourReview,
      shows: (output) => {
        const { status, decision } = JSON.parse(output) as { status: string; decision: string };

        return `${status}: ${decision}`;
      },
    },
  ],
};
