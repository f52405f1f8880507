import type { Payment } from '../../shared/domain/payment.ts';
import type { Verdict } from '../../shared/pg/verdict.ts';
import type { Dependencies } from './dependencies.ts';

/** Gives a late capture back at the PG. The key is made from the payment alone: however often it is sent, it is one refund. */
export const reverse = async (
  { gateway, clock, timings }: Dependencies,
  payment: Payment,
): Promise<Verdict> => {
  const { paymentId, amount, currency, pg, refundTries = 0 } = payment;
  if (pg === undefined) return review(payment, 'the PG captured something else than was asked for');
  const key = `rfd:${paymentId}-late`;
  const { transactionId } = pg;
  const charge = { reference: paymentId, amount, currency, transactionId };
  const answer = await gateway.refund({ key, ...charge });
  if (answer.outcome === 'refunded') {
    return { transition: 'reversed', detail: `refunded as ${answer.refundId}` };
  }
  if (answer.outcome === 'declined') {
    return review(payment, `the PG refused the refund: ${answer.code}`);
  }
  const detail = 'reason' in answer ? `${answer.outcome}: ${answer.reason}` : answer.outcome;
  const pause = timings.inquiriesAfterMs[refundTries];
  if (pause === undefined) return review(payment, `the refund was never confirmed: ${detail}`);

  return {
    transition: 'unreversed',
    detail: `refund ${detail}`,
    change: {
      refundTries: refundTries + 1,
      dueAt: new Date(clock.now().getTime() + pause).toISOString(),
    },
  };
};

/** The refusal keeps its code: its buyer is answered from it again. */
const review = ({ failure }: Payment, detail: string): Verdict => ({
  transition: 'reviewOpened',
  detail,
  ...(failure && {
    change: {
      failure: { ...failure, evidence: [failure.evidence ?? [], detail].flat().join('; ') },
    },
  }),
});
