import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../../domain/json.ts';
import { isWithinTolerance, type RawWebhook, type ReadWebhook } from '../webhook.ts';
import { webhookBody } from './protocol.ts';

/**
 * Reads webhooks of the Standard Webhooks specification (standardwebhooks.com); verifies the bytes as
 * received.
 *
 * Does not use the specification's library: it signs text, so bodies that differ only in invalid UTF-8 are
 * equal to it, and it uses the system clock.
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

/** Ignores unknown fields and unknown types of webhooks. */
const parseReference = (body: RawWebhook['body']) => {
  const { data } = webhookBody.safeParse(parseJson(body.toString('utf8')));

  return data === undefined ? {} : { reference: data.data.reference };
};

/** Several, separated by spaces, if the sender also signs with an old key. */
const parseSignatures = (header: string): Buffer[] =>
  header
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice('v1,'.length), 'base64'));

const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

// Required by the specification. With an empty key, anyone could sign.
const minKeyBytes = 24;

const parseSigningKey = (secret: string): Buffer => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < minKeyBytes) throw new Error('The webhook secret is not a valid signing key.');

  return key;
};
