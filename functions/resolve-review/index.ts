import { settleDecidedIn } from '../../shared/application/payments/capture-payment.ts';
import {
  bookRecordedIn,
  failRefundIn,
  settleRefundIn,
} from '../../shared/application/refunds/settle-refund.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { compensationsIn } from '../../shared/persistence/compensation-repository.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { refundStores, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { differenceCase } from './difference-resolver.ts';
import { eventCase } from './event-resolver.ts';
import { askingFromEnv } from './gateway-from-env.ts';
import { resolveReview } from './handler.ts';
import { paymentCase } from './payment-resolver.ts';
import { refundCase } from './refund-resolver.ts';
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
