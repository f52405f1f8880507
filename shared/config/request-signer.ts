import { createHmac, hash } from 'node:crypto';
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type SignerOption = NonNullable<DynamoDBClientConfig['signer']>;
type RequestSigner = Exclude<SignerOption, (...parameters: never) => unknown>;
type SigningOptions = Parameters<RequestSigner['sign']>[1];

/** Where a client takes the credentials and the region of a request from. */
export type SigningConfig = Pick<DynamoDBClient['config'], 'credentials' | 'region'>;

/** Headers that proxies and the SDK may change or add after the signature. */
const unsignedHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

/** The signed headers in their canonical form. */
const signedHeaders = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !unsignedHeaders.has(name) && !/^(proxy|sec)-/.test(name))
    .map(
      ([name, value]) => [name, value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/**
 * Signs requests with Signature Version 4 and returns exactly what the SDK's signer returns for a JSON request
 * to the path `/`. It derives the signing key once for each day, region and secret; the SDK's signer
 * also computes an HMAC for each request to look its key up.
 */
export const createRequestSigner = (service: string, config: SigningConfig): RequestSigner => {
  let cached: { readonly of: string; readonly key: Buffer } | undefined;

  const signingKey = (secretAccessKey: string, day: string, region: string): Buffer => {
    const of = `${day}/${region}/${secretAccessKey}`;
    if (cached?.of !== of) {
      const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
        hmac,
        `AWS4${secretAccessKey}`,
      );
      cached = { of, key: key as Buffer };
    }

    return cached.key;
  };

  return {
    async sign(request, { signingDate = new Date(), signingRegion }: SigningOptions = {}) {
      const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
      const region = signingRegion ?? (await config.region());
      const time = `${new Date(signingDate).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
      const day = time.slice(0, 8);
      const payload = hash('sha256', request.body);
      // A copy: each retry signs the unsigned request again.
      const headers = {
        ...request.headers,
        'x-amz-date': time,
        ...(sessionToken && { 'x-amz-security-token': sessionToken }),
        'x-amz-content-sha256': payload,
      };

      const signed = signedHeaders(headers);
      const signedNames = signed.map(([name]) => name).join(';');
      const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
      const canonical = `${request.method}\n${request.path}\n\n${lines}\n${signedNames}\n${payload}`;
      const scope = `${day}/${region}/${service}/aws4_request`;
      const signature = createHmac('sha256', signingKey(secretAccessKey, day, region))
        .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical)}`)
        .digest('hex');
      const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;

      return { ...request, headers: { ...headers, authorization } };
    },
  };
};
