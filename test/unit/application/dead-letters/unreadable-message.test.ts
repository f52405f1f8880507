import { describe, expect, it } from 'vitest';
import { later } from '../../../support/builders/refund-generators.ts';
import { completionBody, createDeadLetterHarness, stored, toPaymentEventBody } from './harness.ts';

describe('unreadable message', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const event = (data: object) => {
    const { detail, ...rest } = JSON.parse(toPaymentEventBody(stored.reserved, 'PaymentReserved'));

    return JSON.stringify({ ...rest, detail: { ...detail, ...data } });
  };

  it.each<[string, string]>([
    ...odd.map((name): [string, string] => [
      `a pointer to a key called ${name}`,
      `{"table":"any","keys":{"${name}":{"S":"x"}}}`,
    ]),
    ...odd.map((name): [string, string] => [
      `an event called ${name}`,
      `{"detail-type":"${name}","detail":{"type":"${name}"}}`,
    ]),
    ['an event of no payment', event({ subject: '' })],
    ['text', 'not JSON'],
  ])('is poison and does not affect other messages: %s', async (_what, body) => {
    const harness = createDeadLetterHarness();
    for (const one of [body, toPaymentEventBody(stored.reserved, 'PaymentReserved')])
      harness.put('charge-payment', one);

    const [report] = await harness.inspectQueues(10, 'charge-payment');
    const sample = report?.sample ?? [];

    expect(sample.map((message) => message.disposition).toSorted()).toEqual(['poison', 'redrive']);
  });

  it.each(['update-ranking', 'add-loyalty-points'])(
    'is poison in %s if it says what is not stored, with the reason',
    async (consumer) => {
      const harness = createDeadLetterHarness();
      const { detail, ...rest } = JSON.parse(completionBody);
      const forged = { ...detail, data: { ...detail.data, amount: 1 } };
      for (const body of [completionBody, JSON.stringify({ ...rest, detail: forged })])
        harness.put(consumer, body);

      const [report] = await harness.inspectQueues(10, consumer);

      expect(report?.sample).toMatchObject([
        { disposition: 'redrive' },
        { disposition: 'poison', reason: expect.stringContaining('amount is 1') },
      ]);
    },
  );

  it('is poison if DynamoDB rejects its key, but not if a read fails', async () => {
    const fails = (name: string) => (call: string, command: unknown) => {
      if (call === 'table' && JSON.stringify(command).includes('pay_completed')) {
        throw Object.assign(new Error('no'), { name });
      }
    };
    const rejecting = createDeadLetterHarness(later(120), fails('ValidationException'));
    const unavailable = createDeadLetterHarness(later(120), fails('AccessDeniedException'));
    for (const harness of [rejecting, unavailable]) harness.put('notify-buyer', completionBody);

    expect(await rejecting.inspectQueues(10, 'notify-buyer')).toMatchObject([
      { sample: [{ disposition: 'poison' }] },
    ]);
    await expect(unavailable.inspectQueues(10, 'notify-buyer')).rejects.toThrow('no');
  });
});
