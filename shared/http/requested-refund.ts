import { balanceAmountOf } from '../domain/payments/tenders.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import type { HttpResponse } from './http-response.ts';
import { refundLinks } from './refund-body.ts';
import type { RequestedRefundBody } from './schemas/refund.ts';

/** The values of the 202 response: the same for each request with one key. */
export type RequestRefundResult = Pick<
  Refund,
  'refundId' | 'paymentId' | 'amount' | 'gatewayAmount' | 'currency'
> & {
  readonly balanceAmount: number;
  readonly replayed: boolean;
};

/** The result of a refund request, from the refund that it opened or found. */
export const requestRefundResultOf = ({
  refund,
  replayed,
}: {
  readonly refund: Refund;
  readonly replayed: boolean;
}): RequestRefundResult => {
  const { refundId, paymentId, amount, gatewayAmount, currency } = refund;
  const balanceAmount = balanceAmountOf(refund);

  return { refundId, paymentId, amount, balanceAmount, gatewayAmount, currency, replayed };
};

/** 202. The response is the same for each request with one key, whatever happened to the refund since. */
export const toRequestedRefundResponse = (
  refund: Omit<RequestRefundResult, 'replayed'>,
): HttpResponse => {
  const { refundId, paymentId } = refund;

  return {
    status: 202,
    headers: {
      location: refundLinks(refund).self,
    },
    body: { ...refund, status: 'REQUESTED' } satisfies RequestedRefundBody,
    ids: { refundId, paymentId },
  };
};
