import { acceptIn } from '../../../shared/application/payments/accept-payment.ts';
import { settleIn } from '../../../shared/application/payments/capture-payment.ts';
import type { Books } from '../../../shared/application/payments/payment-repositories.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import type { Post } from '../../../shared/lambda/http-delivery.ts';
import type { Coupons } from '../../../shared/persistence/coupon-repository.ts';
import type { Rankings } from '../../../shared/persistence/ranking-repository.ts';
import type { Slots } from '../semaphore.ts';
import { giveBackIn } from './compensate.ts';
import { saleCounter, teller } from './consumers.ts';
import { payInOneTransaction } from './one-transaction.ts';
import { reserveFor } from './reserve.ts';
import { paySynchronously } from './synchronous.ts';

interface World extends Books {
  readonly coupons: Coupons;
  readonly rankings: Rankings;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  readonly post: Post;
  readonly dataPlatformUrl: string;
  readonly notificationsUrl: string;
  readonly connections: Slots;
  readonly clock: Clock;
}

/** The brief's checkout in its two forms, over the same books as ours. */
export const checkouts = (world: World) => {
  const { post, dataPlatformUrl, notificationsUrl, rankings } = world;
  const giveBack = giveBackIn(world);
  const reserve = reserveFor({ ...world, accept: acceptIn(world), giveBack });
  const settle = settleIn(world);
  const countSale = saleCounter(rankings);
  const parts = { ...world, reserve, settle, giveBack, countSale };

  return {
    synchronous: paySynchronously(parts),
    'one-transaction': payInOneTransaction({
      ...parts,
      tellDataPlatform: teller(post, dataPlatformUrl),
      notify: teller(post, notificationsUrl),
    }),
  };
};

export type Form = keyof ReturnType<typeof checkouts>;
