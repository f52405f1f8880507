import { createCaptureAfterReview } from '../../shared/application/payments/capture-payment.ts';
import {
  createFailRefund,
  createRecordExternalRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { refundStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createDifferenceResolver } from './difference-resolver.ts';
import { gatewayFromEnv } from './gateway-from-env.ts';
import { resolveReview } from './handler.ts';
import { createPaymentResolver } from './payment-resolver.ts';
import { createRefundResolver } from './refund-resolver.ts';
import { createResolveReview } from './resolve.ts';
import { createEventResolver } from './review-resolver.ts';

const stores = {
  ...refundStoresFromEnv(),
  ...storesFromEnv({
    reviews: createReviewRepository,
    compensations: createCompensationRepository,
  }),
};
const gatewayDeps = gatewayFromEnv();
const refundWriters = { settle: createSettleRefund(stores), fail: createFailRefund(stores) };
const resolvers = {
  payment: createPaymentResolver({
    ...stores,
    ...gatewayDeps,
    settle: createCaptureAfterReview(stores),
  }),
  refund: createRefundResolver({ ...stores, ...gatewayDeps, ...refundWriters }),
  'gateway-difference': createDifferenceResolver({
    ...stores,
    ...gatewayDeps,
    book: createRecordExternalRefund(stores),
  }),
  event: createEventResolver(stores),
};
const resolve = createResolveReview({ ...stores, resolvers });

export const handler = httpHandler(resolveReview({ ...gatewayDeps, resolve }));
