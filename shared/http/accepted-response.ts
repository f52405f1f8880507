import type { HttpResponse } from './http-response.ts';
import { paymentLinks } from './payment-body.ts';
import type { AcceptedBody } from './schemas/accepted-payment.ts';

/** A payment whose request was accepted, and what its buyer does next, if anything. */
export type AcceptedPayment = Pick<
  AcceptedBody,
  'paymentId' | 'orderId' | 'amount' | 'currency' | 'nextAction'
>;

/** 202. */
export const toAcceptedResponse = ({ nextAction, ...payment }: AcceptedPayment): HttpResponse => {
  const links = paymentLinks(payment.paymentId);

  return {
    status: 202,
    headers: {
      location: links.self,
      'retry-after': '1',
    },
    body: {
      ...payment,
      status: nextAction ? 'REQUIRES_ACTION' : 'PENDING',
      ...(nextAction && { nextAction }),
      links,
    } satisfies AcceptedBody,
    ids: { paymentId: payment.paymentId, orderId: payment.orderId },
  };
};
