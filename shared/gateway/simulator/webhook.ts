import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../../domain/json.ts';
import { isWithinTolerance, type RawWebhook, type ReadWebhook } from '../webhook.ts';
import { webhookBody } from './protocol.ts';

/**
 * Webhooks after the Standard Webhooks specification (standardwebhooks.com), over the bytes as they came.
 *
 * The library signs text: two bodies that differ only in bytes that are no UTF-8 are one to it, and its clock is the machine's.
 */
export const readSimulatorWebhook: ReadWebhook = async ({ headers, body }, secrets, now) => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signed } = headers;
  if (!id || !timestamp || !signed) return { refused: 'headers' };
  if (!/^\d{1,12}$/.test(timestamp) || !isWithinTolerance(Number(timestamp), now)) {
    return { refused: 'timestamp' };
  }
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = parseSignatures(signed);
  const isSigned = secrets
    .map((secret) => createHmac('sha256', parseSigningKey(secret)).update(content).digest())
    .some((expected) => signatures.some((given) => isEqual(given, expected)));
  if (!isSigned) return { refused: 'signature' };

  return { id, ...parseReference(body) };
};

/** Fields that we do not know are the PG's right, and so are kinds of webhooks. */
const parseReference = (body: RawWebhook['body']) => {
  const { data } = webhookBody.safeParse(parseJson(body.toString('utf8')));

  return data === undefined ? {} : { reference: data.data.reference };
};

/** Several, separated by spaces, where the sender signs with an old key as well. */
const parseSignatures = (header: string): Buffer[] =>
  header
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice('v1,'.length), 'base64'));

const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

// As the specification asks. With an empty one anybody could sign.
const minKeyBytes = 24;

const parseSigningKey = (secret: string): Buffer => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < minKeyBytes) throw new Error('The secret of the webhooks is no key.');

  return key;
};
