import { deriveReviewId } from '../../shared/domain/ids.ts';
import { revokePermission } from '../faults/permissions.ts';
import type { Drill } from './drill.ts';
import type { DrillContext } from './drill-context.ts';
import { currentState } from './probes.ts';
import { backlogReport, deadLetters } from './shared-steps.ts';

const runbookHeading = 'Review opened';
const asOperator = '-H "authorization: Bearer $TOKEN"';
const reviewPlaceholders = ({ capturedIds }: DrillContext) =>
  (capturedIds.get('review') ?? []).map((reviewId) => ({ 'rev_...': reviewId }));

interface ReviewBody {
  readonly code: string;
  readonly amountAtRisk: number;
  readonly currency: string;
  readonly decisions: readonly string[];
  readonly compensations: readonly { readonly target: string; readonly outcome: string }[];
}

/** The essential part of a review: the compensations and the possible decisions. */
const formatReview = (output: string): string => {
  const { code, amountAtRisk, currency, decisions, compensations } = JSON.parse(
    output,
  ) as ReviewBody;

  return [
    `${code}: ${amountAtRisk} ${currency} at risk`,
    ...compensations.map(({ target, outcome }) => `${target.replace(/#.*/, '')}: ${outcome}`),
    `decisions: ${decisions.join(', ')}`,
  ].join('\n');
};

/** Waits until operators can read the review of the drill's payment. */
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

    return { summary: `${text}; review ${ok ? 'opened' : 'not opened yet'}`, isReached: ok };
  });

export const compensationStepFailing: Drill = {
  name: 'compensation-step-failing',
  fault: 'compensate-payment and restore-stock have lost a permission that they need.',
  faultSteps: [
    {
      description:
        'The roles of compensate-payment and restore-stock lose their write access to the products.',
      run: async ({ shell: { stack }, registerFaultRemoval }) => {
        for (const folder of ['compensate-payment', 'restore-stock']) {
          registerFaultRemoval(
            await revokePermission(stack, folder, {
              action: 'dynamodb:UpdateItem',
              table: stack.tables.products,
            }),
          );
        }
      },
    },
    {
      description: 'A buyer pays, and the gateway declines.',
      run: ({ pay }) => pay('sim_decline', 'COMPENSATED'),
    },
    {
      description: 'The other steps succeed; then a review of the payment is opened.',
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
      description: 'The permission is restored, as by a deployment.',
      run: ({ removeFault }) => removeFault(),
    },
    {
      command: `curl -s "$API/operator/reviews/rev_.../resolve" ${asOperator} -H 'content-type: application/json' -d '{"decision":"failed","reason":"restore-stock has its permission back."}'`,
      heading: runbookHeading,
      placeholders: reviewPlaceholders,
      format: (output) => {
        const { status, decision } = JSON.parse(output) as { status: string; decision: string };

        return `${status}: ${decision}`;
      },
    },
  ],
};
