import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Answers one operation of an AWS service with its output. */
export type Operation = (input: Readonly<Record<string, unknown>>) => object | Promise<object>;

/** The operations by `{service}.{operation}`, the SDK's `x-amz-target`. */
export type Operations = Readonly<Record<string, Operation>>;

/** A stand-in for the AWS operations that functions call besides their tables, over the SDK's JSON protocol. */
export const startAwsEndpoint = async (operations: Operations) => {
  const server = createServer(async (incoming, outgoing) => {
    const target = `${incoming.headers['x-amz-target']}`;
    const reply = (status: number, body: object) =>
      outgoing
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(body));
    try {
      const operation = operations[target];
      if (!operation) throw new Error(`Operation ${target} is not supported.`);
      reply(200, await operation((await json(incoming)) as Record<string, unknown>));
    } catch (error) {
      console.error(error);
      reply(400, { __type: 'ValidationException', message: `${error}` });
    }
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
