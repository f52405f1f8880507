import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestSigner } from '../../../shared/config/request-signer.ts';

const clients = {
  dynamodb: DynamoDBClient,
  sqs: SQSClient,
  events: EventBridgeClient,
};

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's signer of a client and ours. Both take the credentials that `rotate` has set last. */
const createSigners = async (service: keyof typeof clients) => {
  let identity: Identity = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const { config } = new clients[service]({
    region: 'eu-west-1',
    // A provider that says so itself is not cached by the client.
    credentials: Object.assign(async () => identity, { memoized: true }),
  });

  return {
    stock: await config.signer(),
    ours: createRequestSigner(service, config),
    rotate: (next: Identity) => {
      identity = next;
    },
  };
};

const requestOf = (headers: Readonly<Record<string, string>>, body: string | Uint8Array) => ({
  protocol: 'https:',
  hostname: 'dynamodb.eu-west-1.amazonaws.com',
  method: 'POST',
  path: '/',
  query: {},
  headers: {
    host: 'dynamodb.eu-west-1.amazonaws.com',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    ...headers,
  },
  body,
});

const token = fc.string({
  unit: fc.constantFrom(...'abcXYZ019-_/+ \t'),
  minLength: 1,
  maxLength: 20,
});
const headerName = fc.oneof(
  fc.constantFrom(
    'X-Amzn-Trace-Id',
    'user-agent',
    'authorization',
    'proxy-x',
    'sec-y',
    'content-length',
  ),
  fc.constantFrom('amz-sdk-request', 'amz-sdk-invocation-id', 'x-amz-z', 'Traceparent', 'a'),
);

describe('request signer', () => {
  it('returns the headers of the SDK for any request, time and credentials', async () => {
    const signers = {
      dynamodb: await createSigners('dynamodb'),
      sqs: await createSigners('sqs'),
      events: await createSigners('events'),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(clients) as (keyof typeof clients)[])),
        fc.dictionary(headerName, token),
        fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()),
        fc.record(
          {
            accessKeyId: fc.constantFrom('AKID', 'ASIA'),
            secretAccessKey: fc.constantFrom('secret', 'another secret'),
            sessionToken: token,
          },
          { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
        ),
        fc.constantFrom('2026-03-14T23:59:59Z', '2026-03-15T00:00:00Z', '2031-12-31T05:06:07.890Z'),
        fc.constantFrom(undefined, 'us-east-1'),
        async (service, headers, body, identity, at, signingRegion) => {
          const { stock, ours, rotate } = signers[service];
          rotate(identity);
          const options = {
            signingDate: new Date(at),
            ...(signingRegion && { signingRegion }),
          };
          const request = requestOf(headers, body);

          const expected = await stock.sign(structuredClone(request), options);

          expect((await ours.sign(request, options)).headers).toEqual(expected.headers);
          expect(request).toEqual(requestOf(headers, body));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('signs the current time by default', async () => {
    const { ours } = await createSigners('dynamodb');
    const { headers } = await ours.sign(requestOf({}, '{}'));
    const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(headers['x-amz-date'] ?? '') ?? [];

    expect(day).toBe(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
    expect(time).toHaveLength(6);
  });
});
