import { isRefundFinal } from '../../shared/domain/refunds/refund.ts';
import { withETag } from '../../shared/http/etag.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { LongPoll } from '../../shared/http/long-poll.ts';
import { refundBody } from '../../shared/http/refund-body.ts';
import { type ApiEvent, buyerOf, parsePathParameter } from '../../shared/http/request.ts';
import type { RefundRepository } from '../../shared/persistence/refund-repository.ts';

interface Dependencies {
  readonly refunds: Pick<RefundRepository, 'getOwned'>;
  readonly poll: LongPoll;
}

/**
 * Returns the buyer's own refund. With `Prefer: wait=N`, waits up to N seconds until it is final or has
 * another version.
 */
export const getRefund =
  ({ refunds, poll }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const [buyer, id] = [buyerOf(event), parsePathParameter(event, 'refundId')];
    const { found, headers } = await poll(event, () => refunds.getOwned(buyer, id), {
      isFinal: isRefundFinal,
    });
    const { refundId, paymentId, version } = found;

    return withETag(event, version, {
      status: 200,
      headers,
      body: refundBody(found),
      ids: { refundId, paymentId },
    });
  };
