import { isRefundDecided } from '../../shared/domain/refunds/refund.ts';
import { tagged } from '../../shared/http/etag.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/http-handler.ts';
import type { LongPoll } from '../../shared/http/long-poll.ts';
import { refundBody } from '../../shared/http/refund-body.ts';
import type { Refunds } from '../../shared/persistence/refund-repository.ts';

interface Dependencies {
  readonly refunds: Pick<Refunds, 'ownedBy'>;
  readonly poll: LongPoll;
}

/** The buyer's own refund: as it is, or with `Prefer: wait=N` once it is decided or has another version, within N seconds. */
export const getRefund =
  ({ refunds, poll }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const [buyer, id] = [buyerOf(event), pathOf(event, 'refundId')];
    const { found, headers } = await poll(event, () => refunds.ownedBy(buyer, id), isRefundDecided);
    const { refundId, paymentId, version } = found;

    return tagged(event, version, {
      status: 200,
      headers,
      body: refundBody(found),
      ids: { refundId, paymentId },
    });
  };
