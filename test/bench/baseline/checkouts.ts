import { acceptIn } from '../../../shared/data/accept.ts';
import type { Books } from '../../../shared/data/books.ts';
import type { Coupons } from '../../../shared/data/coupons.ts';
import type { Rankings } from '../../../shared/data/rankings.ts';
import { settleIn } from '../../../shared/data/settle.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import type { PaymentGateway } from '../../../shared/pg/port.ts';
import type { Post } from '../../../shared/runtime/outbound.ts';
import { giveBackIn } from './give-back.ts';
import { saleCounter, teller } from './listeners.ts';
import { payInOneTransaction } from './one-transaction.ts';
import { reserveFor } from './reserve.ts';
import type { Slots } from './slots.ts';
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
