import type { NextActionBody } from '../../../shared/http/schemas/next-action.ts';
import type { Random } from '../virtual/random.ts';
import type { BuyerSession } from './client.ts';
import { returnPage } from './shop.ts';
import { paceOf } from './supplies.ts';

/** A payment that waits for its buyer. */
export interface Waiting extends BuyerSession {
  readonly paymentId: string;
  /** Selects a payment method. */
  readonly methodOf: (random: Random) => string;
}

type Action<Type extends NextActionBody['type']> = Extract<NextActionBody, { type: Type }>;

/** Milliseconds from now until some time around the end of an action: a little before, or after it. */
const untilEnd = ({ shop, random }: Waiting, { expiresAt }: NextActionBody): number =>
  Math.max(Date.parse(expiresAt) - shop.time.now + random.between(-3_000, 60_000), 0);

/**
 * The buyer gives a payment method in the gateway's window and confirms: immediately, twice, late, with two methods at
 * once, or not at all. Returns whether the buyer looks again.
 */
export const provideMethod = async (
  waiting: Waiting,
  window: Action<'provide-payment-method'>,
): Promise<boolean> => {
  const { shop, random, name, methodOf } = waiting;
  const { pages } = shop.run.gateway;
  const [isLeft, isClosed, isLate] = [random.chance(0.06), random.chance(0.1), random.chance(0.12)];
  const lateMs = untilEnd(waiting, window);
  const thinksMs = random.between(200, 8_000);
  if (isLeft) return false;
  await shop.time.sleep(thinksMs);
  if (isClosed) {
    await pages.closeWindow(window);
    await shop.time.sleep(random.between(1_000, 20_000));

    return random.chance(0.7);
  }
  const pay = (which: Random) => pages.payInWindow(window, methodOf(which));
  const token = await pay(random.fork('method'));
  startCancel(waiting);
  await shop.time.sleep(isLate ? lateMs : random.between(0, 3_000));
  const own = random.fork('confirmations');
  const others = [
    // A second window, in which the buyer selects another method.
    ...(own.chance(0.15) ? [pay(random.fork('other method'))] : []),
    ...(own.chance(0.1) ? [token] : []),
  ];
  await Promise.all(
    [token, ...(await Promise.all(others))].map(async (paymentMethod, index) => {
      const each = random.fork(`confirmation ${index}`);
      await shop.time.sleep(each.between(0, 60));
      const body = { paymentMethod, ...(each.chance(0.2) && { returnUrl: returnPage }) };
      await confirm(waiting, `${name}-confirm-${index}`, body);
    }),
  );

  return true;
};

const confirm = ({ client, buyer, paymentId }: Waiting, key: string, body?: object) =>
  client.ask({
    method: 'POST',
    path: `/payments/${paymentId}/confirm`,
    buyer,
    key,
    ...(body && { body }),
  });

/** The buyer cancels during this step, sometimes. */
const startCancel = ({ shop, client, buyer, name, paymentId, ...waiting }: Waiting) => {
  const random = waiting.random.fork('cancel');
  if (!random.chance(0.1)) return;
  const delayMs = random.between(0, 5_000);
  shop.start(`${name}-cancel`, async () => {
    await shop.time.sleep(delayMs);
    const path = `/payments/${paymentId}/cancel`;
    await client.ask({ method: 'POST', path, buyer, key: `${name}-cancel` });
  });
};

/**
 * The buyer authenticates on a page: approves, declines, decides both in two tabs, approves after the limit, or leaves it.
 * Often the gateway sends the buyer back, who confirms then. Returns whether the buyer looks again.
 */
export const authenticate = async (
  waiting: Waiting,
  action: Action<'redirect'>,
): Promise<boolean> => {
  const { shop, random, name } = waiting;
  const way = random.pick([...approvals, 'decline', 'decline', 'both', 'late', 'abandon'] as const);
  const [isBack, looksAgain] = [random.chance(0.65), random.chance(0.6)];
  const lateMs = untilEnd(waiting, action);
  const readsMs = random.between(500, 15_000) * paceOf(shop);
  startCancel(waiting);
  if (way !== 'abandon') await shop.time.sleep(way === 'late' ? lateMs : readsMs);
  await Promise.all(
    decisionsOf[way].map(async (decision) => {
      await shop.time.sleep(random.fork(decision).between(0, 200));
      shop.record(waiting.buyer, () => `decides to ${decision} ${waiting.paymentId}`);
      await shop.run.gateway.pages.decide(action.url, decision);
    }),
  );
  await shop.time.sleep(random.between(0, 2_000));
  if (isBack) await confirm(waiting, `${name}-back`);

  return isBack || looksAgain;
};

const approvals = ['approve', 'approve', 'approve', 'approve'] as const;

const decisionsOf = {
  approve: ['approve'],
  decline: ['decline'],
  both: ['approve', 'decline'],
  late: ['approve'],
  abandon: [],
} as const;
