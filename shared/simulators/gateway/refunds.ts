import { type SimulatorRefundBody, simulatorErrorCodes } from '../../gateway/simulator/protocol.ts';
import { jsonReply, type PlainResponse } from '../plain-http.ts';
import {
  acceptedRefunds,
  deriveId,
  hasFailed,
  hasPendingCharge,
  type SimulatorAccount,
  type SimulatorRefund,
  settledCaptures,
  sumAmounts,
} from './account.ts';
import type { RefundBehaviour } from './behaviours.ts';
import {
  type AccountUpdate,
  faultyResponse,
  problemBody,
  refundedBody,
  refundResponse,
  rejectedResponse,
} from './responses.ts';

/** Refunds once per key, never more than was captured. */
export const refund = (
  previous: SimulatorAccount,
  { key, body, behaviour }: { key: string; body: SimulatorRefundBody; behaviour: RefundBehaviour },
  now: number,
): AccountUpdate => {
  const account = { ...previous, refundKeys: [...previous.refundKeys, key] };
  const existing = account.refunds.find((each) => each.key === key);
  if (existing) return { value: account, result: refundResponse(account.reference, existing, now) };
  if (settledCaptures(account, now).length === 0 && hasPendingCharge(account, now)) {
    return { value: account, result: rejectedResponse(409, simulatorErrorCodes.inProgress) };
  }

  const rejectionCode =
    findRejectionCode(account, body, now) ?? (behaviour.effect === 'declined' && 'refund_declined');
  const isFirst = !previous.refundKeys.includes(key);
  const isLost = behaviour.effect === 'none' || (isFirst && behaviour.effect !== 'paid');
  if (!rejectionCode && isLost) return { value: account, result: faultyResponse(behaviour) };

  const newRefund: SimulatorRefund = {
    key,
    refundId: deriveId('rfn', key),
    amount: body.amount,
    currency: body.currency,
    settlesAt: now + behaviour.settlesAfterMs,
    pendingResult: behaviour.pendingResult,
    // Only the first refund fails later: a second one, perhaps from the dashboard, succeeds.
    ...(!rejectionCode &&
      previous.refunds.length === 0 &&
      behaviour.failsAfterMs !== undefined && {
        failsAt: now + behaviour.settlesAfterMs + behaviour.failsAfterMs,
      }),
    ...(rejectionCode && { rejectionCode }),
  };
  const isAnswered = rejectionCode || !isFirst || behaviour.response === 'outcome';

  return {
    value: { ...account, refunds: [...account.refunds, newRefund] },
    result: isAnswered
      ? refundResponse(account.reference, newRefund, now)
      : faultyResponse(behaviour),
  };
};

/** Answers an inquiry about the refund of one key. */
export const inquireRefund = (
  account: SimulatorAccount,
  key: string,
  now: number,
): PlainResponse => {
  const existing = account.refunds.find((each) => each.key === key);
  if (existing && hasFailed(existing, now)) {
    return jsonReply(200, { status: 'declined', ...problemBody('refund_failed') });
  }
  if (existing?.rejectionCode)
    return jsonReply(200, { status: 'declined', ...problemBody(existing.rejectionCode) });
  if (existing && existing.settlesAt <= now)
    return jsonReply(200, refundedBody(account.reference, existing));
  if (existing?.pendingResult === 'in-progress') return jsonReply(200, { status: 'in_progress' });

  return rejectedResponse(404, simulatorErrorCodes.refundNotFound);
};

const findRejectionCode = (
  account: SimulatorAccount,
  { amount, currency }: SimulatorRefundBody,
  now: number,
) => {
  const captured = settledCaptures(account, now);
  if (captured.length === 0) return simulatorErrorCodes.chargeNotFound;
  if (captured.some((each) => each.currency !== currency)) return 'currency_mismatch';

  return amount > sumAmounts(captured) - sumAmounts(acceptedRefunds(account, now))
    ? 'refund_exceeds_captured'
    : undefined;
};
