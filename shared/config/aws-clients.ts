import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createDocumentClient } from './document-client.ts';
import { createRequestHandler } from './request-handler.ts';
import { createRequestSigner, type SigningConfig } from './request-signer.ts';

/**
 * Timeouts in milliseconds, below those of API Gateway (30 s) and the functions, so that the code handles
 * them.
 */
export const requestTimeouts = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  throwOnRequestTimeout: true,
};

type LeanOptions = Required<
  Pick<DynamoDBClientConfig, 'cacheMiddleware' | 'requestHandler' | 'signer'>
>;

/**
 * Creates a client of the SDK whose calls cost less processor time: it resolves its middleware once for each
 * command, and has a request handler and a signer of our own. Retries, endpoints, credentials, serialization and
 * errors are those of the SDK. `service` is the name of the service in a signature.
 */
export const createLeanClient = <C extends { readonly config: SigningConfig }>(
  service: string,
  create: (options: LeanOptions) => C,
): C => {
  const client = create({
    cacheMiddleware: true,
    requestHandler: createRequestHandler(requestTimeouts),
    signer: async () => signer,
  });
  const signer = createRequestSigner(service, client.config);

  return client;
};

/** Creates a DynamoDB client with the retries and timeouts of the functions. */
export const createDynamoDbClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  createLeanClient(
    'dynamodb',
    (options) =>
      new DynamoDBClient({
        ...options,
        maxAttempts: 3,
        ...config,
      }),
  );

/** One client for each process; Powertools uses it too. */
export const dynamoDbClient = createDynamoDbClient();

export const documentClient = createDocumentClient(dynamoDbClient);
