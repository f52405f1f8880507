import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createDocumentClient } from './document-client.ts';
import { remainingInvocationMs } from './invocation-deadline.ts';
import { createRequestHandler, type RequestTimeouts } from './request-handler.ts';
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

/**
 * Before the end of an invocation, calls of DynamoDB fail so much earlier than Lambda would end them: the function
 * still answers, with a problem document or with the failed messages, and writes its log line.
 */
const answerReserveMs = 1_000;

type LeanOptions = Required<
  Pick<DynamoDBClientConfig, 'cacheMiddleware' | 'requestHandler' | 'signer'>
>;

/** A client of the SDK, as far as its parts are replaced. */
interface SdkClient {
  readonly config: SigningConfig & {
    readonly defaultUserAgentProvider: () => Promise<readonly (readonly [string, string?])[]>;
  };
  readonly middlewareStack: { add(middleware: unknown, options: object): void };
}

interface BuildArguments {
  readonly request: { readonly headers: Record<string, string> };
}

/**
 * Replaces the middleware that assembles the user agent for each request, from the versions of the system and of
 * the features in use: this one sends the name and the version of the SDK. It has the same name, because Powertools
 * adds its own middleware after it.
 */
const sendShortUserAgent = ({ config, middlewareStack }: SdkClient): void => {
  const assemble = async () => {
    const [sdk = []] = await config.defaultUserAgentProvider();

    return sdk.join('/');
  };
  let userAgent: Promise<string> | undefined;
  const setUserAgent =
    (next: (args: BuildArguments) => unknown) => async (args: BuildArguments) => {
      userAgent ??= assemble();
      args.request.headers['user-agent'] = await userAgent;

      return next(args);
    };
  middlewareStack.add(setUserAgent, {
    name: 'getUserAgentMiddleware',
    step: 'build',
    priority: 'low',
    override: true,
  });
};

/**
 * Creates a client of the SDK whose calls cost less processor time: it resolves its middleware once for each
 * command, sends a short user agent, and has a request handler and a signer of our own. Retries, endpoints,
 * credentials, serialization and errors are those of the SDK. `service` is the name of the service in a signature.
 */
export const createLeanClient = <C extends SdkClient>(
  service: string,
  create: (options: LeanOptions) => C,
  timeouts: RequestTimeouts = requestTimeouts,
): C => {
  const client = create({
    cacheMiddleware: true,
    requestHandler: createRequestHandler(timeouts),
    signer: async () => signer,
  });
  const signer = createRequestSigner(service, client.config);
  sendShortUserAgent(client);

  return client;
};

/** Creates a DynamoDB client with the retries and timeouts of the functions, and the deadline of their invocations. */
export const createDynamoDbClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  createLeanClient(
    'dynamodb',
    (options) =>
      new DynamoDBClient({
        ...options,
        maxAttempts: 3,
        ...config,
      }),
    { ...requestTimeouts, remainingMs: () => remainingInvocationMs() - answerReserveMs },
  );

/** One client for each process; Powertools uses it too. */
export const dynamoDbClient = createDynamoDbClient();

export const documentClient = createDocumentClient(dynamoDbClient);
