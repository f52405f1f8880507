import type { Cast } from './cast.ts';
import { sendForbiddenRequests } from './forbidden-requests.ts';
import { startMerchant, startTimelyDamage } from './merchant.ts';
import { finishingOperator, startOperators } from './operations.ts';
import { startPresses } from './presses.ts';
import { playStory } from './purchase.ts';
import type { Shop } from './shop.ts';
import { playStepStory } from './step-story.ts';
import { seedShop } from './supplies.ts';

export interface People {
  /** After the calm: an operator finishes what is open, one round. It ends as other people's work does. */
  readonly operateOnce: () => void;
  /** When everything has ended, so that it changes nothing else: requests that the service must refuse. */
  readonly intrude: () => Promise<void>;
}

interface ShopOptions {
  /** The ways to pay. The first one causes no trouble. */
  readonly paymentMethods: readonly string[];
}

/** In some runs all buyers pay in one of two ways, so that a rare behaviour occurs often. */
const methodsOf = ({ random }: Shop, all: readonly string[]): readonly string[] => {
  const own = random.fork('payment methods');

  return own.chance(0.3) ? [own.pick(all), ...all.slice(0, 1)] : all;
};

/**
 * Seeds the shop and starts all people. What people do follows from `shop.random` and the answers: each has a
 * fork by name, so that leaving one out does not change the others.
 */
export const openShop = (shop: Shop, cast: Cast, options: ShopOptions): People => {
  const supplies = seedShop(shop, cast);
  const paymentMethods = methodsOf(shop, options.paymentMethods);
  for (const story of cast.stories)
    shop.start(`story-${story}`, () => playStory({ shop, supplies, paymentMethods }, story));
  for (const story of cast.stepStories)
    shop.start(`steps-${story}`, () => playStepStory({ shop, supplies, paymentMethods }, story));
  startPresses(shop, cast);
  startMerchant(shop, cast, supplies);
  startTimelyDamage(shop, cast, supplies);
  startOperators(shop, cast);

  return { operateOnce: finishingOperator(shop), intrude: () => sendForbiddenRequests(shop) };
};
