import { describe, expect, it } from 'vitest';
import { workOnDeadLetters } from '../../../simulation/people/dead-letters.ts';
import { createOperator } from '../../../simulation/people/operator.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { acceptEverything, createFakeShop, type Respond } from './fake-shop.ts';

const letter = {
  messageId: 'm-1',
  paymentId: 'pay_1',
  event: 'PaymentReserved',
  sentAt: '2026-01-01T00:00:00.000Z',
  redrives: 0,
  disposition: 'redrive',
  reason: '',
};

const work = async (given: Partial<typeof letter>) => {
  const item = { ...letter, ...given };
  const respond: Respond = (request) => {
    if (request.method === 'GET')
      return { status: 200, body: { items: [{ consumer: 'charge-payment', sample: [item] }] } };
    if (request.path.endsWith('/redrive')) return { status: 200, body: { items: [item] } };

    return acceptEverything(request);
  };
  const fake = createFakeShop({ respond });
  const body = JSON.stringify({ 'detail-type': 'PaymentReserved', detail: { subject: 'pay_1' } });
  fake.deadLetters.push({ queue: 'Own', body, at: 0 }, { queue: 'Other', body: '{}', at: 0 });
  fake.shop.start('olivia', () =>
    workOnDeadLetters(createOperator(fake.shop, 'olivia', new Random(1))),
  );
  await fake.settle();
  const actions = fake.requests.flatMap(({ request }) => {
    const { action, dryRun } = (request.body ?? {}) as { action?: string; dryRun?: boolean };

    return action !== undefined && dryRun === false ? [action] : [];
  });

  return { actions: [...new Set(actions)], moved: fake.moved, error: String(fake.errors[0] ?? '') };
};

describe('workOnDeadLetters', () => {
  it.each([
    ['redrive', ['redrive']],
    ['obsolete', ['delete']],
    ['inquiry-required', []],
  ])('acts on the disposition %s', async (disposition, expected) => {
    expect(await work({ disposition })).toEqual({ actions: expected, moved: [], error: '' });
  });

  it('moves a message in the console if it came back too often', async () => {
    const { moved } = await work({ redrives: 3 });

    expect(moved.map(({ queue }) => queue)).toEqual(['Own']);
  });

  it('throws for a poison message, because no person sends one', async () => {
    const { error, actions } = await work({ disposition: 'poison' });

    expect(error).toContain('is poison');
    expect(actions).toEqual([]);
  });
});
