import { describe, expect, it } from 'vitest';
import { createClient } from '../../../simulation/people/client.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { createFakeShop, type Respond } from './fake-shop.ts';

const request = {
  method: 'POST',
  path: '/payments/pay_1/cancel',
  buyer: 'alice',
  key: 'one',
} as const;

const problem = (status: number, code: string) => ({ status, body: { code } });

const ask = async (
  respond: Respond,
  { isCalm = false, most }: { isCalm?: boolean; most?: number } = {},
) => {
  const fake = createFakeShop({ respond });
  if (isCalm) fake.calmDown();
  let status: number | undefined;
  fake.shop.start('alice', async () => {
    const answer = await createClient(fake.shop, new Random(1)).ask(request, most);
    status = answer?.status;
  });
  await fake.settle();

  return { status, error: String(fake.errors[0] ?? ''), sent: fake.requests.length };
};

/** The first answers, and the last one for ever. */
const inTurn = (...answers: readonly ReturnType<Respond>[]): Respond => {
  let asked = 0;

  return () => {
    asked += 1;

    return answers[Math.min(asked, answers.length) - 1];
  };
};

describe('Client.ask', () => {
  it.each([
    ['no response', undefined],
    ['an error of API Gateway', { status: 500, body: { message: 'Internal Server Error' } }],
    ['a 503', problem(503, 'temporarily-unavailable')],
    ['a request in progress', problem(409, 'idempotency-key-in-flight')],
  ])('sends the same request again after %s', async (_name, answer) => {
    const { status, sent } = await ask(inTurn(answer, answer, { status: 202 }), { most: 100 });

    expect(status).toBe(202);
    expect(sent).toBeGreaterThanOrEqual(3);
  });

  it('returns a documented rejection', async () => {
    expect(await ask(() => problem(409, 'payment-not-cancellable'))).toMatchObject({
      status: 409,
      error: '',
    });
  });

  it.each([
    ['an internal error', problem(500, 'internal-error')],
    ['a code of another route', problem(409, 'out-of-stock')],
    ['a status that the code does not have', problem(400, 'payment-not-cancellable')],
    ['an item that is not found', problem(404, 'payment-not-found')],
    ['a success that is not described', { status: 201 }],
  ])('throws for %s', async (_name, answer) => {
    expect((await ask(() => answer)).error).toContain('is not expected');
  });

  it('gives up after some attempts', async () => {
    const { status, sent, error } = await ask(() => undefined);

    expect([status, error]).toEqual([undefined, '']);
    expect(sent).toBeLessThanOrEqual(12);
  });

  it('throws if nothing answers after the calm', async () => {
    expect((await ask(() => undefined, { isCalm: true })).error).toContain('after the calm');
  });

  it('gives up after the calm if it has a number of attempts', async () => {
    const { error, sent } = await ask(() => undefined, { isCalm: true, most: 2 });

    expect(error).toBe('');
    expect(sent).toBeLessThanOrEqual(4);
  });
});
