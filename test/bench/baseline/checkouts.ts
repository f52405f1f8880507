import { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { createCapturePayment } from '../../../shared/application/payments/capture-payment.ts';
import type { PaymentRepositories } from '../../../shared/application/payments/payment-repositories.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import type { PostJson } from '../../../shared/lambda/http-delivery.ts';
import type { CouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import type { RankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import type { Semaphore } from '../semaphore.ts';
import { createCompensate } from './compensate.ts';
import { createNotifier, createSaleCounter } from './consumers.ts';
import { payInOneTransaction } from './one-transaction.ts';
import { createReserve } from './reserve.ts';
import { paySynchronously } from './synchronous.ts';

interface CheckoutDependencies extends PaymentRepositories {
  readonly coupons: CouponRepository;
  readonly rankings: RankingRepository;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly post: PostJson;
  readonly dataPlatformUrl: string;
  readonly notificationsUrl: string;
  readonly connections: Semaphore;
  readonly clock: Clock;
}

/** The brief's checkout in its two forms, with the same repositories as ours. */
export const createCheckouts = (dependencies: CheckoutDependencies) => {
  const { post, dataPlatformUrl, notificationsUrl, rankings } = dependencies;
  const compensate = createCompensate(dependencies);
  const reserve = createReserve({ ...dependencies, accept: createAcceptPayment(dependencies) });
  const settle = createCapturePayment(dependencies);
  const countSale = createSaleCounter(rankings);
  const parts = { ...dependencies, reserve, settle, compensate, countSale };

  return {
    synchronous: paySynchronously(parts),
    'one-transaction': payInOneTransaction({
      ...parts,
      sendToDataPlatform: createNotifier(post, dataPlatformUrl),
      notify: createNotifier(post, notificationsUrl),
    }),
  };
};

export type Form = keyof ReturnType<typeof createCheckouts>;
