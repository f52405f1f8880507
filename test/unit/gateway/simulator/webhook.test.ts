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

/** A webhook as the specification's own library signs it. */
const aWebhook = ({ at = noon, body = done, signedWith = key }: Sent = {}) => ({
  headers: signedHeaders({ id: 'evt_1', at, body }, signedWith) as Record<string, string>,
  body: Buffer.from(body),
});

const read = (
  webhook: ReturnType<typeof aWebhook>,
  { secrets = [key], now = noon }: { secrets?: readonly string[]; now?: Date } = {},
) => readSimulatorWebhook(webhook, secrets, now);

describe('a webhook of the simulator', () => {
  it('is read where the library of the specification signed it', async () => {
    expect(await read(aWebhook())).toEqual({ id: 'evt_1', reference: 'pay_1' });
  });

  it.each(['차 한 잔', '{"not": json', ''])('may say %j', async (body) => {
    expect(await read(aWebhook({ body }))).toEqual({ id: 'evt_1' });
  });

  it.each<[string, unknown]>([
    ['a type that we do not know', { type: 'charge.disputed', data: { reference: 'pay_1' } }],
    ['no reference', { type: 'charge.done', data: {} }],
    ['a reference that is no text', { type: 'charge.done', data: { reference: 1 } }],
  ])('with %s is of no concern', async (_case, body) => {
    expect(await read(aWebhook({ body: JSON.stringify(body) }))).toEqual({ id: 'evt_1' });
  });

  it('is signed with either of two keys, with or without the prefix', async () => {
    const former = aKey();
    const secrets = [key, former];

    expect(await read(aWebhook(), { secrets })).toHaveProperty('reference');
    expect(await read(aWebhook({ signedWith: former }), { secrets })).toHaveProperty('reference');
    expect(await read(aWebhook(), { secrets: [`whsec_${key}`] })).toHaveProperty('reference');
  });

  it('may have several signatures, of which one is ours', async () => {
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
  ])('is read %i s and %i ms after it was sent', async (seconds, ms) => {
    expect(await read(aWebhook(), { now: secondsLater(seconds, ms) })).toHaveProperty('reference');
  });

  it.each([-301, 301, 86_400])('is refused %i s after it was sent', async (seconds) => {
    expect(await read(aWebhook(), { now: secondsLater(seconds) })).toEqual({
      refused: 'timestamp',
    });
  });

  it.each(['', 'now', '1e9', '-1', '1773489600.5', '0x69b56580', ' 1773489600'])(
    'is refused with the timestamp %j, whatever is signed',
    async (timestamp) => {
      const { headers, body } = aWebhook();

      const answer = await read({ headers: { ...headers, 'webhook-timestamp': timestamp }, body });

      expect(answer).toEqual({ refused: timestamp === '' ? 'headers' : 'timestamp' });
    },
  );

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'is refused without its %s',
    async (name) => {
      const { headers, body } = aWebhook();
      const { [name]: _, ...rest } = headers;

      expect(await read({ headers: rest, body })).toEqual({ refused: 'headers' });
    },
  );

  it.each<[string, (webhook: ReturnType<typeof aWebhook>) => ReturnType<typeof aWebhook>]>([
    ['body is another', (webhook) => ({ ...webhook, body: Buffer.from(`${done} `) })],
    [
      'body has other bytes for what is no text',
      () => ({
        headers: aWebhook({ body: '\ufffd' }).headers,
        body: Buffer.from([0xff]),
      }),
    ],
    [
      'id is another',
      ({ headers, body }) => ({ headers: { ...headers, 'webhook-id': 'evt_2' }, body }),
    ],
    [
      'timestamp is another',
      ({ headers, body }) => ({
        headers: { ...headers, 'webhook-timestamp': `${noon.getTime() / 1_000 + 1}` },
        body,
      }),
    ],
    ['key is another', () => aWebhook({ signedWith: aKey() })],
    [
      'signature is of another version',
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
  ])('is refused where its %s', async (_case, altered) => {
    expect(await read(altered(aWebhook()))).toEqual({ refused: 'signature' });
  });

  it('is refused where nobody has a key, and is no webhook where the key is none', async () => {
    expect(await read(aWebhook(), { secrets: [] })).toEqual({ refused: 'signature' });
    await expect(read(aWebhook(), { secrets: [''] })).rejects.toThrow('valid signing key');
    await expect(read(aWebhook(), { secrets: ['whsec_'] })).rejects.toThrow('valid signing key');
  });
});
