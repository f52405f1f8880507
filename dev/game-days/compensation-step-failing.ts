import { deriveReviewId } from '../../shared/domain/ids.ts';
import { revokePermission } from '../faults/permissions.ts';
import type { Drill } from './drill.ts';
import type { DrillContext } from './drill-context.ts';
import { currentState } from './probes.ts';
import { backlogReport, deadLetters } from './shared-steps.ts';

const runbookHeading = 'Review opened';
const asOperator = '-H "authorization: Bearer $TOKEN"';
const reviewPlaceholders = ({ capturedIds: notes }: DrillContext) =>
  (notes.get('review') ?? []).map((reviewId) => ({ 'rev_...': reviewId }));

interface ReviewBody {
  readonly code: string;
  readonly amountAtRisk: number;
  readonly currency: string;
  readonly decisions: readonly string[];
  readonly compensations: readonly { readonly target: string; readonly outcome: string }[];
}

/** The heart of a review: what was given back, and what may be decided. */
const formatReview = (output: string): string => {
  const { code, amountAtRisk, currency, decisions, compensations } = JSON.parse(
    output,
  ) as ReviewBody;

  return [
    `${code}: ${amountAtRisk} ${currency} at risk`,
    ...compensations.map(({ target, outcome }) => `${target.replace(/#.*/, '')}: ${outcome}`),
    `may be decided: ${decisions.join(', ')}`,
  ].join('\n');
};

/** Until the review of the drill's payment is on the operators' list. */
const waitForReview = (context: DrillContext) =>
  context.waitUntil(async () => {
    const { stored, text } = await currentState(context);
    const [payment] = stored;
    if (payment?.status !== 'IN_REVIEW') return { summary: text, isReached: false };
    const reviewId = deriveReviewId(payment.paymentId, payment.version);
    context.capturedIds.set('review', [reviewId]);
    const { apiUrl } = context.shell.stack;
    const { ok } = await fetch(`${apiUrl}/operator/reviews/${reviewId}`, {
      headers: { authorization: `Bearer ${context.shell.token}` },
    });

    return { summary: `${text}; ${ok ? 'on' : 'not yet on'} the operators' list`, isReached: ok };
  });

export const compensationStepFailing: Drill = {
  name: 'compensation-step-failing',
  fault: 'restore-stock has lost the grant that it works with.',
  faultSteps: [
    {
      description: 'The role of restore-stock may not write to the products.',
      run: async ({ shell, registerFaultRemoval: mendsBy }) =>
        mendsBy(
          await revokePermission(shell.stack, 'restore-stock', {
            action: 'dynamodb:UpdateItem',
            table: shell.stack.tables.products,
          }),
        ),
    },
    {
      description: 'A buyer pays, and the PG declines.',
      run: ({ pay }) => pay('sim_decline', 'COMPENSATED'),
    },
    {
      description: 'Everything else is given back; then the payment goes to a person.',
      run: waitForReview,
    },
  ],
  observations: [
    backlogReport,
    deadLetters,
    {
      command: `curl -s "$API/operator/reviews?by=age" ${asOperator}`,
      heading: runbookHeading,
      format: (output) =>
        `${(JSON.parse(output) as { items: object[] }).items.length} on this page`,
    },
    {
      command: `curl -s "$API/operator/reviews/rev_..." ${asOperator}`,
      heading: runbookHeading,
      placeholders: reviewPlaceholders,
      format: formatReview,
    },
  ],
  expectedAlarms: [{ alarm: 'AlarmsPaymentReviewOpened', heading: runbookHeading }],
  recoverySteps: [
    {
      description: 'The grant is back, as after a deployment.',
      run: ({ removeFault: mend }) => mend(),
    },
    {
      command: `curl -s "$API/operator/reviews/rev_.../resolve" ${asOperator} -H 'content-type: application/json' -d '{"decision":"failed","reason":"restore-stock has its grant back."}'`,
      heading: runbookHeading,
      placeholders: reviewPlaceholders,
      format: (output) => {
        const { status, decision } = JSON.parse(output) as { status: string; decision: string };

        return `${status}: ${decision}`;
      },
    },
  ],
};
