import { describe, expect, it } from 'vitest';
import { type Cast, castOf } from '../../../simulation/people/cast.ts';
import { openShop } from '../../../simulation/people/people.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { createFakeShop } from './fake-shop.ts';

const wholeCast: Cast = {
  buyers: 3,
  products: 3,
  coupons: 2,
  stories: [0, 1, 2, 3, 4, 5],
  stepStories: [0, 1, 2],
  operators: 2,
  operatorRounds: 3,
  externalWrites: 4,
  hasDamage: true,
  presses: 6,
};

const paymentMethods = ['sim_approve', 'sim_decline', 'sim_in_progress'];

const play = async (seed: number, cast: Cast) => {
  const fake = createFakeShop({ seed });
  openShop(fake.shop, cast, { paymentMethods });
  await fake.settle();
  expect(fake.errors).toEqual([]);

  return fake;
};

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

type Played = Awaited<ReturnType<typeof play>>;

/** The requests of all but some, in an order that does not depend on the others. */
const requestsOf = ({ requests }: Played, isMeant: (by: string) => boolean = () => true) =>
  requests
    .filter(({ by }) => isMeant(by))
    .map(({ at, by, request }) => `${by} at ${at}: ${JSON.stringify(request)}`)
    .toSorted();

describe('openShop', () => {
  it.each(seeds)('sends the same requests for the same seed %i', async (seed) => {
    const [first, second] = [await play(seed, wholeCast), await play(seed, wholeCast)];

    expect(second.requests).toEqual(first.requests);
    expect(first.requests.length).toBeGreaterThan(5);
  });

  it.each(seeds)('leaves others unchanged without a story, seed %i', async (seed) => {
    const all = await play(seed, wholeCast);
    const some = await play(seed, { ...wholeCast, stories: [0, 1, 3, 4, 5] });

    expect(requestsOf(some)).toEqual(requestsOf(all, (by) => !by.startsWith('story-2')));
    expect(requestsOf(all, (by) => by.startsWith('story-2'))).not.toEqual([]);
  });

  it('seeds balances, products and coupons that add up', async () => {
    const fake = await play(4, { ...wholeCast, externalWrites: 0 });

    expect(fake.table('Balances')).toHaveLength(3);
    expect(fake.table('Products')).toHaveLength(3);
    expect(fake.table('Coupons')).toHaveLength(6);
    for (const { available, reserved, sold, received } of fake.table('Products'))
      expect(Number(available) + Number(reserved) + Number(sold)).toBe(received);
    for (const { available, held, spent, deposited } of fake.table('Balances'))
      expect(Number(available) + Number(held) + Number(spent)).toBe(deposited);
  });

  it('seeds no balance for some buyers, who mostly pay by the gateway', async () => {
    const runs = await Promise.all(
      seeds.map((seed) => play(seed, { ...wholeCast, externalWrites: 0 })),
    );
    const bodies = runs.flatMap((fake) => {
      const owners = fake.table('Balances').map(({ userId }) => userId);

      return fake.requests
        .filter(({ request }) => request.path === '/payments' && request.method === 'POST')
        .map(({ request }) => ({
          hasBalance: owners.includes(request.buyer),
          balanceAmount: (request.body as { balanceAmount?: number }).balanceAmount ?? 0,
        }));
    });
    const shareOfParts = (hasBalance: boolean) => {
      const own = bodies.filter((body) => body.hasBalance === hasBalance);

      return own.filter(({ balanceAmount }) => balanceAmount > 0).length / own.length;
    };

    expect(shareOfParts(false)).toBeLessThan(0.3);
    expect(shareOfParts(true)).toBeGreaterThan(0.5);
    expect(bodies.some(({ balanceAmount }) => balanceAmount === 1_000)).toBe(true);
    expect(bodies.some(({ balanceAmount }) => balanceAmount > 1_000)).toBe(true);
  });

  it('sends keys that the service accepts', async () => {
    const requests = (await Promise.all(seeds.map((seed) => play(seed, wholeCast)))).flatMap(
      (fake) => fake.requests,
    );

    for (const { request } of requests)
      if (request.method === 'POST' && request.scope === undefined)
        expect(request.key).toMatch(/^[\x21-\x7e]{1,255}$/);
  });

  it('uses a key of a buyer for one request only', async () => {
    for (const seed of seeds) {
      const { requests } = await play(seed, wholeCast);
      const bodies = new Map<string, string>();
      for (const { request } of requests) {
        if (request.key === undefined) continue;
        const id = `${request.buyer} ${request.path} ${request.key}`;
        // A payment is the same request with its order and without it.
        const body = JSON.stringify({ ...(request.body as object), order: undefined });
        expect(bodies.get(id) ?? body).toBe(body);
        bodies.set(id, body);
      }
    }
  });
});

describe('castOf', () => {
  it('draws one to six stories, by the seed alone', () => {
    for (const seed of seeds) {
      const cast = castOf(new Random(seed));
      expect(castOf(new Random(seed))).toEqual(cast);
      expect(cast.stories.length).toBeGreaterThanOrEqual(1);
      expect(cast.stories.length).toBeLessThanOrEqual(6);
    }
  });
});
