import { compensationsIn } from '../../shared/data/compensations.ts';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { settleDecidedIn } from '../../shared/data/settle.ts';
import { bookRecordedIn, failRefundIn, settleRefundIn } from '../../shared/data/settle-refund.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { refundStores, storesFromEnv } from '../../shared/runtime/stores.ts';
import { askingFromEnv } from './asking-from-env.ts';
import { differenceCase } from './difference-case.ts';
import { eventCase } from './event-case.ts';
import { resolveReview } from './handler.ts';
import { paymentCase } from './payment-case.ts';
import { refundCase } from './refund-case.ts';
import { resolveIn } from './resolve.ts';

const stores = {
  ...refundStores(),
  ...storesFromEnv({ reviews: reviewsIn, compensations: compensationsIn }),
};
const asking = askingFromEnv();
const books = { settle: settleRefundIn(stores), fail: failRefundIn(stores) };
const cases = {
  payment: paymentCase({ ...stores, ...asking, settle: settleDecidedIn(stores) }),
  refund: refundCase({ ...stores, ...asking, ...books }),
  'gateway-difference': differenceCase({ ...stores, ...asking, book: bookRecordedIn(stores) }),
  event: eventCase(stores),
};
const resolve = resolveIn({ ...stores, cases });

export const handler = httpHandler(resolveReview({ ...asking, resolve }));
