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

/** A webhook signed by Stripe's own SDK. */
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

describe('read a Stripe webhook', () => {
  it.each([
    'payment_intent.succeeded',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
    'payment_intent.requires_action',
    'payment_intent.processing',
    'charge.refunded',
  ])('returns the reference in the metadata for type %s', async (type) => {
    const payload = JSON.stringify(event({ type }));

    expect(await read(aWebhook({ payload }))).toEqual({ id: 'evt_1', reference: 'pay_1' });
  });

  it.each([
    'charge.refunded',
    'charge.refund.updated',
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.closed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
  ])('returns the intent for type %s without our reference', async (type) => {
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
    ['an unknown type', event({ type: 'customer.created' })],
    ['no reference', event({ data: { object: { metadata: {} } } })],
    ['an unknown format', { id: 'evt_1', object: 'v2.core.event', type: 'v1.billing.meter' }],
  ])('returns only the id for %s', async (_case, payload) => {
    expect(await read(aWebhook({ payload: JSON.stringify(payload) }))).toEqual({ id: 'evt_1' });
  });

  it('derives the id from a body that is not an event', async () => {
    const webhook = aWebhook({ payload: 'hello' });

    expect(await read(webhook)).toEqual({ id: expect.stringMatching(/^[\da-f]{64}$/) });
    expect(await read(webhook)).toEqual(await read(webhook));
  });

  it('accepts either of two secrets', async () => {
    const webhook = aWebhook({ signedWith: 'whsec_previous' });

    expect(await read(webhook, [secret, 'whsec_previous'])).toHaveProperty('reference');
  });

  it.each([-300, 300])('accepts a webhook sent %i s from now', async (off) => {
    expect(await read(aWebhook({ timestamp: seconds + off }))).toHaveProperty('reference');
  });

  it.each([-301, 301])('refuses a webhook sent %i s from now', async (off) => {
    expect(await read(aWebhook({ timestamp: seconds + off }))).toEqual({ refused: 'timestamp' });
  });

  it.each(['', 'v1=abc', 't=,v1=abc', `t=${seconds},t=${seconds},v1=abc`, 't=soon,v1=abc'])(
    'refuses the header %j',
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
  ])('refuses the signature %j', async (header) => {
    const webhook = { ...aWebhook(), headers: { 'stripe-signature': header } };

    expect(await read(webhook)).toEqual({ refused: 'signature' });
  });

  it('refuses a different body, a different secret and no secret', async () => {
    const webhook = aWebhook();
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), webhook.body]);

    expect(await read({ ...webhook, body: Buffer.from('{}') })).toEqual({ refused: 'signature' });
    expect(await read({ ...webhook, body: marked })).toEqual({ refused: 'signature' });
    expect(await read(webhook, ['whsec_other'])).toEqual({ refused: 'signature' });
    expect(await read(webhook, [''])).toEqual({ refused: 'signature' });
    expect(await read(webhook, [])).toEqual({ refused: 'signature' });
  });

  it('refuses a body that differs only in invalid UTF-8', async () => {
    const { headers } = aWebhook({ payload: '\ufffd' });

    expect(await read({ headers, body: Buffer.from([0xff]) })).toEqual({ refused: 'signature' });
  });
});
