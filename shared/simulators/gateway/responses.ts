import {
  type ApprovedResponse,
  type RefundedResponse,
  type RequiresActionResponse,
  simulatorErrorCodes,
} from '../../gateway/simulator/protocol.ts';
import { jsonReply, type PlainResponse } from '../plain-http.ts';
import {
  declineCodeOf,
  hasFailed,
  isWaiting,
  reportedRefundedAmount,
  type SimulatorAccount,
  type SimulatorCharge,
  type SimulatorRefund,
} from './account.ts';
import type { Behaviour } from './behaviours.ts';

/** The account after a request, and the response to it. */
export interface AccountUpdate {
  readonly value: SimulatorAccount;
  readonly result: PlainResponse;
}

/** When a request arrived, and the URL below which the buyer's browser finds the pages. */
export interface RequestContext {
  readonly now: number;
  readonly pagesUrl: string;
}

export const declinedBody = (declineCode: string) => ({
  status: 'declined',
  ...problemBody(declineCode),
});

/** The charge waits for its buyer; undefined if it does not. */
export const requiresActionBody = (
  charge: SimulatorCharge,
  { now, pagesUrl }: RequestContext,
): RequiresActionResponse | undefined => {
  const { transactionId, challenge } = charge;
  if (!challenge || !isWaiting(charge, now)) return undefined;

  return {
    status: 'requires_action',
    transactionId,
    url: `${pagesUrl}/challenge/${encodeURIComponent(challenge.id)}`,
    expiresAt: new Date(challenge.expiresAt).toISOString(),
  };
};

export const chargeResponse = (
  account: SimulatorAccount,
  charge: SimulatorCharge,
  context: RequestContext,
): PlainResponse => {
  const { now } = context;
  const requiresAction = requiresActionBody(charge, context);
  if (requiresAction) return jsonReply(200, requiresAction);
  const declineCode = declineCodeOf(charge, now);
  if (declineCode !== undefined) return jsonReply(402, declinedBody(declineCode));
  if (charge.settlesAt <= now) return jsonReply(200, approvedBody(account, charge, now));
  if (charge.pendingResult === 'in-progress')
    return rejectedResponse(409, simulatorErrorCodes.inProgress);
  if (charge.pendingResult === 'hidden') return jsonReply(500, { code: 'internal_error' });

  return jsonReply(200, approvedBody(account, charge, now), charge.settlesAt - now);
};

export const faultyResponse = ({ response }: Pick<Behaviour, 'response'>): PlainResponse => {
  if (response === 'error') return jsonReply(500, { code: 'internal_error' });
  if (response === 'garbage') {
    return { kind: 'reply', status: 200, body: '<html>upstream says: {"status', afterMs: 0 };
  }
  if (response === 'unlisted-code') return rejectedResponse(422, 'issuer_says_maybe');

  return { kind: 'hang' };
};

export const approvedBody = (
  account: SimulatorAccount,
  { transactionId, amount, currency, settlesAt }: SimulatorCharge,
  now: number,
): ApprovedResponse => ({
  status: 'approved',
  transactionId,
  reference: account.reference,
  amount,
  currency,
  refunded: reportedRefundedAmount(account, now),
  approvedAt: new Date(settlesAt).toISOString(),
});

export const refundResponse = (
  reference: string,
  refund: SimulatorRefund,
  now: number,
): PlainResponse => {
  if (hasFailed(refund, now)) return rejectedResponse(409, 'refund_failed');
  if (refund.rejectionCode)
    return rejectedResponse(
      refund.rejectionCode === simulatorErrorCodes.chargeNotFound ? 404 : 409,
      refund.rejectionCode,
    );
  if (refund.settlesAt <= now) return jsonReply(200, refundedBody(reference, refund));
  if (refund.pendingResult === 'in-progress')
    return rejectedResponse(409, simulatorErrorCodes.inProgress);

  return jsonReply(500, { code: 'internal_error' });
};

export const refundedBody = (
  reference: string,
  { refundId, amount, currency, settlesAt }: SimulatorRefund,
): RefundedResponse => ({
  status: 'refunded',
  refundId,
  reference,
  amount,
  currency,
  refundedAt: new Date(settlesAt).toISOString(),
});

export const rejectedResponse = (
  status: number,
  errorCode: string,
  extra: object = {},
): PlainResponse => jsonReply(status, { ...problemBody(errorCode), ...extra });

export const problemBody = (errorCode: string) => ({
  code: errorCode,
  message: errorCode.replaceAll('_', ' '),
});
