import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbClient, requestTimeouts } from '../../../shared/config/aws-clients.ts';
import {
  createDocumentClient,
  type DocumentClient,
} from '../../../shared/config/document-client.ts';
import { createDocumentOptions } from '../../../shared/config/document-values.ts';

export interface ClientPair {
  /** All parts are the SDK's. */
  readonly stock: DocumentClient;
  readonly ours: DocumentClient;
}

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** A client that works although a test has mocked its class. */
const withSendOfSdk = <C extends object>(client: C): C =>
  Object.assign(client, { send: Object.getPrototypeOf(DynamoDBClient.prototype).send });

/** The SDK's document client, and ours, with a configuration in place of that of a function. */
export const createClientPair = (config: DynamoDBClientConfig): ClientPair => {
  const shared = { region: 'eu-west-1', credentials, ...config };

  const stock = DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: 3, requestHandler: requestTimeouts, ...shared }),
    createDocumentOptions(),
  );

  return {
    stock: withSendOfSdk(stock),
    ours: createDocumentClient(withSendOfSdk(createDynamoDbClient(shared))),
  };
};

export interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request handler that records requests in place of sending them. The answer to each is `answer()`. */
export const recordingHandler = (sent: SentRequest[], answer: () => object = () => ({})) => ({
  handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
    sent.push({ headers, body: new TextDecoder().decode(body) });

    return {
      response: { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer())) },
    };
  },
});

/** The SDK's document client, and ours, whose requests are recorded. The answer to each is `answer()`. */
export const createRecordedPair = (answer?: () => object) => {
  const sent: SentRequest[] = [];

  return { ...createClientPair({ requestHandler: recordingHandler(sent, answer) }), sent };
};
