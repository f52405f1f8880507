import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import { refundOnce } from '../../shared/application/refunds/refund-idempotently.ts';
import { chargeOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { amountsIn, leftAtGateway } from '../../shared/gateway/captured-amounts.ts';
import type { CapturedAmounts } from '../../shared/gateway/payment-gateway.ts';
import type { Dependencies } from './dependencies.ts';
import { unsent } from './errors.ts';

/**
 * Gives back what is left of a late capture at the PG. The key is made from the payment, and from the amount where that is not all of it:
 * however often it is sent, it is one refund for as long as the PG remembers it. Once an answer was lost the PG is asked first what became
 * of it. Should somebody else give money back meanwhile, the PG refuses what is more than is left.
 */
export const reverse = async (
  { gateway, clock, timings }: Dependencies,
  payment: Payment,
): Promise<Verdict> => {
  const { paymentId, currency, pg, refundTries = 0 } = payment;
  const found = await gateway.inquire(chargeOf(payment));
  const isCaptured = found.outcome === 'approved' || found.outcome === 'mismatch';
  const left = isCaptured ? leftAtGateway(found) : undefined;
  const isGivenBack = isCaptured && left !== undefined && left <= 0;
  // What the PG shows as refunded may be our own refund, which it is still working on and may refuse yet.
  if (isGivenBack && refundTries === 0) return givenBack(found);
  if (pg === undefined) {
    return isGivenBack
      ? givenBack(found)
      : review(payment, 'the PG captured something else than was asked for');
  }
  const { transactionId } = pg;
  if (isGivenBack) {
    const key = keyOf(payment, payment.amount);
    const request = { key, reference: paymentId, amount: payment.amount, currency, transactionId };
    const ours = await gateway.inquireRefund(request);
    if (ours.outcome !== 'in-progress') return givenBack(found);

    return unreversed(payment, ours.outcome, { clock, timings });
  }
  const amount = Math.min(left ?? payment.amount, payment.amount);
  const key = keyOf(payment, amount);
  const isOld = clock.now().getTime() - foundAt(payment) > timings.keyLifetimeMs;
  const answer = await refundOnce(
    gateway,
    { key, reference: paymentId, amount, currency, transactionId },
    { wasAsked: refundTries > 0, isOld },
  );
  if (answer.outcome === 'not-sent') throw unsent({ clock, timings }, payment, answer);
  if (answer.outcome === 'refunded') {
    return { transition: 'reversed', detail: `refunded as ${answer.refundId}` };
  }
  if (answer.outcome === 'declined') {
    return review(payment, `the PG refused the refund: ${answer.code}`);
  }
  if (answer.outcome === 'forgotten') {
    return review(payment, 'the PG knows no such refund, and may have forgotten its key');
  }
  const detail = 'reason' in answer ? `${answer.outcome}: ${answer.reason}` : answer.outcome;

  return unreversed(payment, detail, { clock, timings });
};

const keyOf = ({ paymentId, amount: all }: Payment, amount: number): string =>
  `rfd:${paymentId}-late${amount === all ? '' : `-${amount}`}`;

const givenBack = (found: CapturedAmounts): Verdict => ({
  transition: 'reversed',
  detail: `nothing is left of it: ${amountsIn(found)}`,
});

/** Its refund is not confirmed yet: asked again later, and after the last time a person decides. */
const unreversed = (
  payment: Payment,
  detail: string,
  { clock, timings }: Pick<Dependencies, 'clock' | 'timings'>,
): Verdict => {
  const { refundTries = 0 } = payment;
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

/** When it was found to be captured: no refund of it was sent before. Milliseconds since the epoch. */
const foundAt = ({ history, createdAt }: Payment): number =>
  Date.parse(
    history.find(({ from, to }) => from !== to && to === 'LATE_CAPTURED')?.at ?? createdAt,
  );

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
