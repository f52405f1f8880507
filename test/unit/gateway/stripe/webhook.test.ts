import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { readStripeWebhook } from '../../../../shared/gateway/stripe/webhook.ts';
import { noon } from '../../../support/builders/builders.ts';

const secret = 'whsec_test';
const seconds = noon.getTime() / 1_000;
const event = (given: object = {}) => ({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  data: { object: { object: 'payment_intent', metadata: { reference: 'pay_1' } } },
  ...given,
});

interface Sent {
  readonly timestamp?: number;
  readonly payload?: string;
  readonly signedWith?: string;
}

/** A webhook as Stripe's own SDK signs those of its tests. */
const aWebhook = (sent: Sent = {}) => {
  const { timestamp = seconds, payload = JSON.stringify(event()), signedWith = secret } = sent;
  const header = Stripe.webhooks.generateTestHeaderString({
    timestamp,
    payload,
    secret: signedWith,
  });

  return { headers: { 'stripe-signature': header }, body: Buffer.from(payload) };
};

const read = (
  webhook: { headers: Record<string, string>; body: Buffer },
  secrets: readonly string[] = [secret],
) => readStripeWebhook(webhook, secrets, noon);

describe('a webhook of Stripe', () => {
  it.each(['payment_intent.succeeded', 'payment_intent.payment_failed', 'charge.refunded'])(
    'of type %s is about the reference in the metadata',
    async (type) => {
      const payload = JSON.stringify(event({ type }));

      expect(await read(aWebhook({ payload }))).toEqual({ id: 'evt_1', reference: 'pay_1' });
    },
  );

  it.each([
    'charge.refunded',
    'charge.refund.updated',
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
  ])('of type %s is about the intent where there is no reference of ours', async (type) => {
    const object = { id: 're_1', metadata: {}, payment_intent: 'pi_1' };
    const ours = { ...object, metadata: { reference: 'pay_1', key: 'rfd:1' } };
    const payloadOf = (about: object) => JSON.stringify(event({ type, data: { object: about } }));

    expect(await read(aWebhook({ payload: payloadOf(object) }))).toEqual({
      id: 'evt_1',
      transactionId: 'pi_1',
    });
    expect(await read(aWebhook({ payload: payloadOf(ours) }))).toEqual({
      id: 'evt_1',
      reference: 'pay_1',
    });
    for (const payment_intent of [null, 'pi_1/../charges', 5]) {
      const payload = payloadOf({ ...object, payment_intent });

      expect(await read(aWebhook({ payload }))).toEqual({ id: 'evt_1' });
    }
  });

  it.each<[string, object]>([
    ['another type', event({ type: 'customer.created' })],
    ['no reference', event({ data: { object: { metadata: {} } } })],
    ['another shape', { id: 'evt_1', object: 'v2.core.event', type: 'v1.billing.meter' }],
  ])('of %s is of no concern', async (_case, payload) => {
    expect(await read(aWebhook({ payload: JSON.stringify(payload) }))).toEqual({ id: 'evt_1' });
  });

  it('that is no event is known again all the same', async () => {
    const webhook = aWebhook({ payload: 'hello' });

    expect(await read(webhook)).toEqual({ id: expect.stringMatching(/^[\da-f]{64}$/) });
    expect(await read(webhook)).toEqual(await read(webhook));
  });

  it('is signed with either of two secrets', async () => {
    const webhook = aWebhook({ signedWith: 'whsec_former' });

    expect(await read(webhook, [secret, 'whsec_former'])).toHaveProperty('reference');
  });

  it.each([-300, 300])('is read where it was sent %i s from now', async (off) => {
    expect(await read(aWebhook({ timestamp: seconds + off }))).toHaveProperty('reference');
  });

  it.each([-301, 301])('is refused where it was sent %i s from now', async (off) => {
    expect(await read(aWebhook({ timestamp: seconds + off }))).toEqual({ refused: 'timestamp' });
  });

  it.each(['', 'v1=abc', 't=,v1=abc', `t=${seconds},t=${seconds},v1=abc`, 't=soon,v1=abc'])(
    'is refused with the header %j',
    async (header) => {
      const webhook = { ...aWebhook(), headers: { 'stripe-signature': header } };

      expect(await read(webhook)).toEqual({ refused: 'headers' });
    },
  );

  it.each([
    `t=${seconds}`,
    `t=${seconds},v1=`,
    `t=${seconds},v1=abc`,
    `t=${seconds},v1=${'é'.repeat(64)}`,
  ])('is refused with the signature %j', async (header) => {
    const webhook = { ...aWebhook(), headers: { 'stripe-signature': header } };

    expect(await read(webhook)).toEqual({ refused: 'signature' });
  });

  it('is refused with another body, another secret, and none', async () => {
    const webhook = aWebhook();
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), webhook.body]);

    expect(await read({ ...webhook, body: Buffer.from('{}') })).toEqual({ refused: 'signature' });
    expect(await read({ ...webhook, body: marked })).toEqual({ refused: 'signature' });
    expect(await read(webhook, ['whsec_other'])).toEqual({ refused: 'signature' });
    expect(await read(webhook, [''])).toEqual({ refused: 'signature' });
    expect(await read(webhook, [])).toEqual({ refused: 'signature' });
  });

  it('is refused with other bytes for what is no text', async () => {
    const { headers } = aWebhook({ payload: '\ufffd' });

    expect(await read({ headers, body: Buffer.from([0xff]) })).toEqual({ refused: 'signature' });
  });
});
