import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSimulatorWebhook } from '../../../../shared/gateway/simulator/webhook.ts';
import { signedHeaders } from '../../../../shared/lambda/webhook-signature.ts';
import { noon } from '../../../support/builders/builders.ts';

const aKey = () => randomBytes(24).toString('base64');
const key = aKey();
const done = JSON.stringify({ type: 'charge.done', data: { reference: 'pay_1', amount: 1 } });
const secondsLater = (seconds: number, ms = 0) => new Date(noon.getTime() + seconds * 1_000 + ms);

interface Sent {
  readonly at?: Date;
  readonly body?: string;
  readonly signedWith?: string;
}

/** A webhook signed by the specification's own library. */
const aWebhook = ({ at = noon, body = done, signedWith = key }: Sent = {}) => ({
  headers: signedHeaders({ id: 'evt_1', at, body }, signedWith) as Record<string, string>,
  body: Buffer.from(body),
});

const read = (
  webhook: ReturnType<typeof aWebhook>,
  { secrets = [key], now = noon }: { secrets?: readonly string[]; now?: Date } = {},
) => readSimulatorWebhook(webhook, secrets, now);

describe('read a simulator webhook', () => {
  it('accepts a webhook signed by the library of the specification', async () => {
    expect(await read(aWebhook())).toEqual({ id: 'evt_1', reference: 'pay_1' });
  });

  it.each(['차 한 잔', '{"not": json', ''])(
    'accepts the body %j without a reference',
    async (body) => {
      expect(await read(aWebhook({ body }))).toEqual({ id: 'evt_1' });
    },
  );

  it.each<[string, unknown]>([
    ['an unknown type', { type: 'charge.disputed', data: { reference: 'pay_1' } }],
    ['no reference', { type: 'charge.done', data: {} }],
    ['a reference that is not a string', { type: 'charge.done', data: { reference: 1 } }],
  ])('returns no reference for %s', async (_case, body) => {
    expect(await read(aWebhook({ body: JSON.stringify(body) }))).toEqual({ id: 'evt_1' });
  });

  it('accepts either of two keys, with or without the prefix', async () => {
    const previousKey = aKey();
    const secrets = [key, previousKey];

    expect(await read(aWebhook(), { secrets })).toHaveProperty('reference');
    expect(await read(aWebhook({ signedWith: previousKey }), { secrets })).toHaveProperty(
      'reference',
    );
    expect(await read(aWebhook(), { secrets: [`whsec_${key}`] })).toHaveProperty('reference');
  });

  it('accepts several signatures if one is valid', async () => {
    const webhook = aWebhook();
    const { 'webhook-signature': others } = aWebhook({ signedWith: aKey() }).headers;
    const signatures = `v1a,AAAA ${others} ${webhook.headers['webhook-signature']}`;

    expect(
      await read({ ...webhook, headers: { ...webhook.headers, 'webhook-signature': signatures } }),
    ).toHaveProperty('reference');
  });

  it.each([
    [-300, 0],
    [300, 0],
    [300, 999],
  ])('accepts a webhook %i s and %i ms after it was sent', async (seconds, ms) => {
    expect(await read(aWebhook(), { now: secondsLater(seconds, ms) })).toHaveProperty('reference');
  });

  it.each([-301, 301, 86_400])('refuses a webhook %i s after it was sent', async (seconds) => {
    expect(await read(aWebhook(), { now: secondsLater(seconds) })).toEqual({
      refused: 'timestamp',
    });
  });

  it.each(['', 'now', '1e9', '-1', '1773489600.5', '0x69b56580', ' 1773489600'])(
    'refuses the timestamp %j',
    async (timestamp) => {
      const { headers, body } = aWebhook();

      const result = await read({ headers: { ...headers, 'webhook-timestamp': timestamp }, body });

      expect(result).toEqual({ refused: timestamp === '' ? 'headers' : 'timestamp' });
    },
  );

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'refuses a webhook without %s',
    async (name) => {
      const { headers, body } = aWebhook();
      const { [name]: _, ...rest } = headers;

      expect(await read({ headers: rest, body })).toEqual({ refused: 'headers' });
    },
  );

  it.each<[string, (webhook: ReturnType<typeof aWebhook>) => ReturnType<typeof aWebhook>]>([
    ['body is different', (webhook) => ({ ...webhook, body: Buffer.from(`${done} `) })],
    [
      'body differs only in invalid UTF-8',
      () => ({
        headers: aWebhook({ body: '\ufffd' }).headers,
        body: Buffer.from([0xff]),
      }),
    ],
    [
      'id is different',
      ({ headers, body }) => ({ headers: { ...headers, 'webhook-id': 'evt_2' }, body }),
    ],
    [
      'timestamp is different',
      ({ headers, body }) => ({
        headers: { ...headers, 'webhook-timestamp': `${noon.getTime() / 1_000 + 1}` },
        body,
      }),
    ],
    ['key is different', () => aWebhook({ signedWith: aKey() })],
    [
      'signature has a different version',
      ({ headers, body }) => ({
        headers: {
          ...headers,
          'webhook-signature': `${headers['webhook-signature']}`.replace('v1,', 'v2,'),
        },
        body,
      }),
    ],
    [
      'signature is shorter',
      ({ headers, body }) => ({ headers: { ...headers, 'webhook-signature': 'v1,AAAA' }, body }),
    ],
    [
      'signature is empty',
      ({ headers, body }) => ({ headers: { ...headers, 'webhook-signature': 'v1,' }, body }),
    ],
  ])('refuses a webhook if its %s', async (_case, altered) => {
    expect(await read(altered(aWebhook()))).toEqual({ refused: 'signature' });
  });

  it('refuses a webhook without keys and throws for an invalid key', async () => {
    expect(await read(aWebhook(), { secrets: [] })).toEqual({ refused: 'signature' });
    await expect(read(aWebhook(), { secrets: [''] })).rejects.toThrow('valid signing key');
    await expect(read(aWebhook(), { secrets: ['whsec_'] })).rejects.toThrow('valid signing key');
  });
});
