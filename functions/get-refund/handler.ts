import type { Refunds } from '../../shared/data/refunds.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/boundary.ts';
import { tagged } from '../../shared/http/conditional.ts';
import { refundBody } from '../../shared/http/refund-body.ts';

interface Dependencies {
  readonly refunds: Pick<Refunds, 'ownedBy'>;
}

/** The buyer's own refund; another's is as missing as one that never was. */
export const getRefund =
  ({ refunds }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const refund = await refunds.ownedBy(buyerOf(event), pathOf(event, 'refundId'));
    const { refundId, paymentId, version } = refund;

    return tagged(event, version, {
      status: 200,
      body: refundBody(refund),
      ids: { refundId, paymentId },
    });
  };
