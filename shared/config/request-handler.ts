import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';

/** Limits in milliseconds. */
export interface RequestTimeouts {
  /** From the request until its socket is connected. */
  readonly connectionTimeout: number;
  /** From the request until its answer is complete. */
  readonly requestTimeout: number;
  /** What the caller has left: no request takes longer, and none is sent if it is nothing. */
  readonly remainingMs?: () => number;
}

/** A signed request of the SDK. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the SDK reads an answer from. */
interface Response {
  readonly statusCode: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const agentOptions = { keepAlive: true, maxSockets: 50 };

/** The SDK's own handler turns errors with these codes into a TimeoutError. */
const timeoutCodes: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

const timeoutError = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ETIMEDOUT' });

/**
 * Creates a request handler over node:http and node:https for clients whose requests and answers are short
 * JSON texts. It keeps connections alive and returns the whole answer as one buffer. Its errors have the names
 * and codes of those of the SDK's own handler, by which the SDK and `isTransientError` decide on a retry.
 */
export const createRequestHandler = ({
  connectionTimeout,
  requestTimeout,
  remainingMs = () => requestTimeout,
}: RequestTimeouts) => {
  const agents = { 'http:': new Agent(agentOptions), 'https:': new TlsAgent(agentOptions) };

  const send = (request: Request, onAnswer: (answer: IncomingMessage) => void) => {
    const options = {
      host: request.hostname,
      port: request.port,
      method: request.method,
      path: request.path,
      headers: request.headers,
    };

    return request.protocol === 'https:'
      ? httpsRequest({ ...options, agent: agents['https:'] }, onAnswer)
      : httpRequest({ ...options, agent: agents['http:'] }, onAnswer);
  };

  return {
    metadata: { handlerProtocol: 'http/1.1' },

    handle: (
      request: Request,
      { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
    ): Promise<{ readonly response: Response }> =>
      new Promise((resolve, reject) => {
        const { hostname } = request;
        const answerTimeout = Math.min(requestTimeout, Math.floor(remainingMs()));
        if (answerTimeout <= 0) {
          const error = timeoutError(`${hostname}: no time left for a request.`);
          reject(Object.assign(error, { name: 'TimeoutError' }));
          return;
        }
        const sent = send(request, (answer) => collect(answer, succeed, fail));
        const failAfter = (milliseconds: number, missing: string) =>
          setTimeout(
            () => fail(timeoutError(`${hostname}: no ${missing} within ${milliseconds} ms.`)),
            milliseconds,
          );
        const connecting = failAfter(connectionTimeout, 'connection');
        const answering = failAfter(answerTimeout, 'answer');
        const abort = () => {
          fail(Object.assign(new Error('The request was aborted.'), { name: 'AbortError' }));
        };

        const settle = () => {
          clearTimeout(connecting);
          clearTimeout(answering);
          abortSignal?.removeEventListener('abort', abort);
        };
        const succeed = (response: Response) => {
          settle();
          resolve({ response });
        };
        const fail = (error: NodeJS.ErrnoException) => {
          settle();
          if (timeoutCodes.includes(error.code)) error.name = 'TimeoutError';
          reject(error);
          sent.destroy();
        };

        if (abortSignal?.aborted) abort();
        abortSignal?.addEventListener('abort', abort);
        sent.on('error', fail);
        sent.on('socket', (socket) => {
          if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
          else clearTimeout(connecting);
        });
        sent.end(request.body);
      }),

    destroy: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },

    // The SDK changes the options of its own handler by these two; this one has none.
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
};

/** Reads the answer to its end. */
const collect = (
  answer: IncomingMessage,
  succeed: (response: Response) => void,
  fail: (error: Error) => void,
): void => {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('error', fail);
  answer.on('end', () =>
    succeed({
      statusCode: answer.statusCode ?? 0,
      headers: answer.headers,
      body: Buffer.concat(chunks),
    }),
  );
};
