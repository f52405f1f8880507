import { describe, expect, it } from 'vitest';
import type { NextActionBody } from '../../../../shared/http/schemas/next-action.ts';
import type { GatewayPages } from '../../../simulation/gateways/gateway.ts';
import { playStepStory } from '../../../simulation/people/step-story.ts';
import type { Supplies } from '../../../simulation/people/supplies.ts';
import { acceptEverything, createFakeShop, type Respond } from './fake-shop.ts';

const minutesAfterStart = 10;
const expiresAt = new Date(Date.UTC(2026, 0, 1, 0, minutesAfterStart)).toISOString();
const window: NextActionBody = {
  type: 'provide-payment-method',
  gateway: 'simulator',
  url: 'https://pg.example/window',
  reference: 'pay_1-2',
  amount: 1_000,
  currency: 'KRW',
  expiresAt,
};
const redirect: NextActionBody = { type: 'redirect', url: 'https://pg.example/page', expiresAt };

const supplies = {
  buyers: ['alice'],
  buyersWithoutBalance: [],
  products: [{ sku: 'tea' }],
  coupons: [],
} as unknown as Supplies;

/** Plays one story with a payment that waits for this action the first times when the buyer looks. */
const play = async (seed: number, action: NextActionBody, times = 1) => {
  let looks = 0;
  const opened: object[] = [];
  const closed: object[] = [];
  const decided: { readonly at: number; readonly decision: string; readonly url: string }[] = [];
  const respond: Respond = (request) => {
    const isLook = request.method === 'GET' && /^\/payments\/[^/]+$/.test(request.path);
    if (!isLook) return acceptEverything(request);
    looks += 1;

    return looks <= times
      ? { status: 200, body: { status: 'REQUIRES_ACTION', nextAction: action } }
      : { status: 200, body: { status: 'COMPLETED' } };
  };
  const pages: GatewayPages = {
    payInWindow: async (one, method) => {
      opened.push(one);

      return `token of ${method}`;
    },
    closeWindow: async (one) => {
      closed.push(one);
    },
    challengedMethods: ['sim_challenge'],
    decide: async (url, decision) => {
      decided.push({ at: fake.shop.time.now, decision, url });
    },
    actionUrls: () => [],
  };
  const gateway = { checkout: (method: string) => method, pages };
  const fake = createFakeShop({ seed, respond, gateway });
  const paymentMethods = ['sim_approve', 'sim_decline', 'sim_decline_late_approve'];
  fake.shop.start('steps-0', () => playStepStory({ shop: fake.shop, supplies, paymentMethods }, 0));
  await fake.settle();
  expect(fake.errors).toEqual([]);
  const sent = (suffix: string) => [
    ...new Map(
      fake.requests
        .filter(({ request }) => request.path.endsWith(suffix) && request.method === 'POST')
        .map((one) => [one.request.key, one]),
    ).values(),
  ];

  return {
    opened,
    closed,
    decided,
    accepted: sent('/payments'),
    confirmed: sent('/confirm'),
    sent,
  };
};

type Played = Awaited<ReturnType<typeof play>>;

const seeds = Array.from({ length: 120 }, (_, index) => index);
const playAll = (action: NextActionBody, times?: number) =>
  Promise.all(seeds.map((seed) => play(seed, action, times)));

const bodyOf = ({ request }: Played['confirmed'][number]) =>
  request.body as { readonly paymentMethod: string; readonly returnUrl?: string };

describe('playStepStory', () => {
  it('opens the window with what the API returned, and confirms with what it gives', async () => {
    const runs = await playAll(window);

    for (const { opened, closed } of runs)
      for (const one of [...opened, ...closed]) expect(one).toEqual(window);
    for (const { confirmed } of runs)
      for (const one of confirmed) expect(bodyOf(one).paymentMethod).toMatch(/^token of sim_/);
  });

  it.each<[string, (run: Played) => boolean]>([
    ['confirms once', ({ confirmed }) => confirmed.length === 1],
    ['leaves the window', ({ opened, closed }) => opened.length + closed.length === 0],
    ['closes the window', ({ opened, closed }) => closed.length > 0 && opened.length === 0],
    [
      'confirms when the hold has ended',
      ({ confirmed }) => confirmed.some(({ at }) => at > minutesAfterStart * 60_000),
    ],
    [
      'confirms two methods at once',
      ({ confirmed }) =>
        new Set(confirmed.map((one) => bodyOf(one).paymentMethod)).size > 1 &&
        new Set(confirmed.map(({ request }) => request.key)).size > 1,
    ],
    [
      'confirms one method with two keys',
      ({ confirmed: [first, second] }) =>
        first !== undefined &&
        second !== undefined &&
        bodyOf(first).paymentMethod === bodyOf(second).paymentMethod,
    ],
    ['cancels', ({ sent }) => sent('/cancel').some(({ request }) => request.buyer === 'alice')],
    [
      'asks the shop to cancel',
      ({ sent }) => sent('/cancel').some(({ request }) => request.path.startsWith('/operator/')),
    ],
  ])('has a buyer who %s', async (_, isMeant) => {
    const runs = await playAll(window);

    expect(runs.some(isMeant)).toBe(true);
    expect(runs.every(isMeant)).toBe(false);
  });

  it('opens payments with and without method, to be kept or not, with and without return', async () => {
    const bodies = (await playAll(window)).flatMap(({ accepted }) =>
      accepted.map(({ request }) => request.body as Readonly<Record<string, unknown>>),
    );

    for (const name of ['paymentMethod', 'onDecline', 'returnUrl', 'balanceAmount'])
      expect(new Set(bodies.map((body) => name in body))).toEqual(new Set([true, false]));
  });

  it('tries other methods after each decline', async () => {
    const runs = await playAll(window, 20);

    expect(Math.max(...runs.map(({ confirmed }) => confirmed.length))).toBeGreaterThanOrEqual(6);
  });

  it.each<[string, (run: Played) => boolean]>([
    ['approves', ({ decided }) => decided.map(({ decision }) => decision).join() === 'approve'],
    ['declines', ({ decided }) => decided.map(({ decision }) => decision).join() === 'decline'],
    ['decides in two tabs', ({ decided }) => decided.length === 2],
    [
      'approves after the limit',
      ({ decided }) => decided.some(({ at }) => at > Date.parse(expiresAt)),
    ],
    [
      'abandons the page and comes back',
      ({ decided, confirmed }) => decided.length === 0 && confirmed.length > 0,
    ],
    [
      'decides and never comes back',
      ({ decided, confirmed }) => decided.length > 0 && confirmed.length === 0,
    ],
  ])('has a buyer who %s on the page of a redirect', async (_, isMeant) => {
    const runs = await playAll(redirect);

    expect(runs.some(isMeant)).toBe(true);
    expect(runs.every(isMeant)).toBe(false);
    for (const { decided, confirmed } of runs) {
      for (const { url } of decided) expect(url).toBe(redirect.url);
      for (const { request } of confirmed) expect(request.body).toBeUndefined();
    }
  });
});
