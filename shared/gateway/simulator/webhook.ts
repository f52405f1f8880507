import { createHmac, timingSafeEqual } from 'node:crypto';
import { isFresh, jsonIn, type RawWebhook, type ReadWebhook } from '../webhook.ts';
import { webhookBody } from './protocol.ts';

/**
 * Webhooks after the Standard Webhooks specification (standardwebhooks.com), over the bytes as they came.
 *
 * The library signs text: two bodies that differ only in bytes that are no UTF-8 are one to it, and its clock is the machine's.
 */
export const readSimulatorWebhook: ReadWebhook = async ({ headers, body }, secrets, now) => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signed } = headers;
  if (!id || !timestamp || !signed) return { refused: 'headers' };
  if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now)) {
    return { refused: 'timestamp' };
  }
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = signaturesIn(signed);
  const isSigned = secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(content).digest())
    .some((expected) => signatures.some((given) => isSame(given, expected)));
  if (!isSigned) return { refused: 'signature' };

  return { id, ...aboutIn(body) };
};

/** Fields that we do not know are the PG's right, and so are kinds of webhooks. */
const aboutIn = (body: RawWebhook['body']) => {
  const { data } = webhookBody.safeParse(jsonIn(body));

  return data === undefined ? {} : { reference: data.data.reference };
};

/** Several, separated by spaces, where the sender signs with an old key as well. */
const signaturesIn = (header: string): Buffer[] =>
  header
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice('v1,'.length), 'base64'));

const isSame = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

// As the specification asks. With an empty one anybody could sign.
const shortestKeyBytes = 24;

const keyOf = (secret: string): Buffer => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < shortestKeyBytes) throw new Error('The secret of the webhooks is no key.');

  return key;
};
