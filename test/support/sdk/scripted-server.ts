import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Listening = Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections'>;

/** Answers one request. */
export type Responder = (response: ServerResponse, request: ReceivedRequest) => void;

/** Closes the connection when it has the whole request: it is executed, but its answer is lost. */
export const dropAnswer: Responder = ({ socket }) => socket?.destroy();

/** Never answers. */
export const hang: Responder = () => {};

export const answerWith =
  (
    status: number,
    body: object | string,
    headers: Readonly<Record<string, string>> = {},
  ): Responder =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

/** Starts a server. Its last responder answers all further requests. */
export const startScriptedServer = async (
  responders: readonly [Responder, ...Responder[]],
  create: (listener: RequestListener) => Listening = createServer,
) => {
  const requests: ReceivedRequest[] = [];
  const server = create(async (message, response) => {
    let body = '';
    for await (const part of message) body += part;
    const request = { headers: message.headers, body };
    const respond = responders[requests.length] ?? responders.at(-1);
    requests.push(request);
    respond?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
