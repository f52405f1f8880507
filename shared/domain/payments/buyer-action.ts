import { parseInstant } from '../time.ts';
import { ageBasedBackoffMs, type Timings } from '../timings.ts';
import type { OwnFailureCode } from './buyer-failure.ts';
import { cancellationFailureOf } from './hold-release.ts';
import { lastClaimedAt } from './inquiry-schedule.ts';
import type { Failure, Payment } from './payment.ts';

/**
 * Until when an attempt waits for its buyer, ISO 8601: to the limit that the gateway states, and at most
 * `actionExpiryMs` from its claim, however often the gateway is asked. A limit that is not a time is ignored.
 */
export const actionExpiryOf = (
  payment: Payment,
  gatewayLimit: string | undefined,
  { actionExpiryMs }: Pick<Timings, 'actionExpiryMs'>,
): string => {
  const latest = lastClaimedAt(payment) + actionExpiryMs;

  return new Date(Math.min(latest, parseInstant(gatewayLimit) ?? latest)).toISOString();
};

/** Whether a payment may wait for its buyer until a given time: the buyer has not cancelled it either. */
export const canWaitForBuyer = (
  { cancelRequestedAt }: Pick<Payment, 'cancelRequestedAt'>,
  expiresAt: string | undefined,
  at: Date,
): boolean => cancelRequestedAt === undefined && at.getTime() < Date.parse(expiresAt ?? '');

/**
 * How long after an inquiry that the gateway did not answer the next one is due, ms. The delay grows with the time since
 * the payment last changed. While the payment may wait for its buyer, the next inquiry is not later than the limit. After
 * it, only the gateway keeps the payment from ending and giving back its stock and balance: the delay then stays within
 * the grace of the sweeper.
 */
export const inquiryRetryMs = (
  payment: Pick<Payment, 'status' | 'updatedAt' | 'action' | 'cancelRequestedAt'>,
  at: Date,
  timings: Pick<Timings, 'notSentBackoffMs' | 'redeliveryBackoffMs' | 'sweepGraceMs'>,
): number => {
  const { status, updatedAt, action } = payment;
  const backoffMs = ageBasedBackoffMs(updatedAt, at, timings);
  if (status !== 'REQUIRES_ACTION') return backoffMs;

  return Math.min(
    backoffMs,
    canWaitForBuyer(payment, action?.expiresAt, at)
      ? Date.parse(`${action?.expiresAt}`) - at.getTime()
      : timings.sweepGraceMs,
  );
};

/** Whether the gateway waited for the buyer in the current attempt. */
export const hasWaitedForBuyer = ({ history }: Pick<Payment, 'history'>): boolean =>
  history.findLast(({ to }) => to === 'CHARGING' || to === 'REQUIRES_ACTION')?.to ===
  'REQUIRES_ACTION';

/** Why a payment failed whose charge was cancelled at the gateway while that waited for the buyer. */
export const endedWaitFailureOf = (payment: Payment): Pick<Failure, 'code' | 'reason'> =>
  payment.cancelRequestedAt === undefined ? authenticationExpired : cancellationFailureOf(payment);

const authenticationExpired = {
  code: 'authentication-expired' satisfies OwnFailureCode,
  reason: 'The buyer did not finish the authentication in time.',
};
