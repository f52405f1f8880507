import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRequestHandler } from '../../../shared/config/request-handler.ts';
import { createClientPair } from '../../support/sdk/document-clients.ts';
import {
  answerWith,
  hang,
  type Responder,
  startScriptedServer,
} from '../../support/sdk/scripted-server.ts';

const certificate = readFileSync(new URL('../../support/sdk/localhost.pem', import.meta.url));

const start = async (responder: Responder, create?: Parameters<typeof startScriptedServer>[1]) => {
  const server = await startScriptedServer([responder], create);
  onTestFinished(server.close);

  return server;
};

const createHandler = (limits: Partial<Parameters<typeof createRequestHandler>[0]> = {}) => {
  const handler = createRequestHandler({
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    ...limits,
  });
  onTestFinished(handler.destroy);

  return handler;
};

const requestTo = (port: number, body = '{"a":"ä"}') => ({
  protocol: 'http:',
  hostname: '127.0.0.1',
  port,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'Table.Get' },
  body,
});

describe('request handler', () => {
  it('sends headers and body with its length, and returns status, headers and body', async () => {
    const { port, requests } = await start(
      answerWith(400, '{"b":"ö"}', { 'x-amzn-requestid': '1' }),
    );

    const { response } = await createHandler().handle(requestTo(port));

    expect(response).toMatchObject({ statusCode: 400, headers: { 'x-amzn-requestid': '1' } });
    expect(response.body.toString()).toBe('{"b":"ö"}');
    expect(requests).toMatchObject([
      { body: '{"a":"ä"}', headers: { 'x-amz-target': 'Table.Get', 'content-length': '10' } },
    ]);
  });

  it('returns an answer of many parts as one body', async () => {
    const parts = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(3_000));
    const { port } = await start((response) => {
      for (const part of parts) response.write(part);
      response.end();
    });

    const { response } = await createHandler().handle(requestTo(port));

    expect(response.body.toString()).toBe(parts.join(''));
  });

  it('uses one connection for one request after the other', async () => {
    const ports = new Set<number | undefined>();
    const { port } = await start((response) => {
      ports.add(response.socket?.remotePort);
      response.end('{}');
    });
    const handler = createHandler();

    for (let count = 0; count < 5; count += 1) await handler.handle(requestTo(port));

    expect(ports.size).toBe(1);
  });

  it('is a transient timeout without a free connection in time', async () => {
    const { port, requests } = await start(hang);
    const handler = createHandler();

    const errors = await Promise.all(
      Array.from({ length: 51 }, () =>
        handler.handle(requestTo(port)).catch((error: Error) => error),
      ),
    );

    expect(errors.map((error) => (error as Error).message).sort()).toEqual([
      ...Array.from({ length: 50 }, () => '127.0.0.1: no answer within 3000 ms.'),
      '127.0.0.1: no connection within 1000 ms.',
    ]);
    expect(errors.every((error) => (error as Error).name === 'TimeoutError')).toBe(true);
    expect(requests.length).toBe(50);
  });

  it('is not a timeout if the server refuses the connection', async () => {
    const { port, close } = await startScriptedServer([hang]);
    close();

    await expect(createHandler().handle(requestTo(port))).rejects.toMatchObject({
      name: 'Error',
      code: 'ECONNREFUSED',
    });
  });

  it.each(['before it is sent', 'in flight'])('can be aborted %s', async (when) => {
    const { port } = await start(hang);
    const controller = new AbortController();
    if (when === 'before it is sent') controller.abort();
    else setTimeout(() => controller.abort(), 50);

    await expect(
      createHandler().handle(requestTo(port), { abortSignal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('waits for no answer longer than its caller has left, and then sends nothing', async () => {
    const { port, requests } = await start(hang);
    const left = [500.5, 0, -1];
    const handler = createHandler({ remainingMs: () => left.shift() ?? 3_000 });
    const send = () => handler.handle(requestTo(port));

    await expect(send()).rejects.toMatchObject({
      name: 'TimeoutError',
      message: '127.0.0.1: no answer within 500 ms.',
    });
    for (let count = 0; count < 2; count += 1)
      await expect(send()).rejects.toMatchObject({
        name: 'TimeoutError',
        message: '127.0.0.1: no time left for a request.',
      });
    expect(requests).toHaveLength(1);
  });

  it('waits for an answer longer than for a connection', async () => {
    const { port } = await start((response) => {
      setTimeout(() => response.end('{}'), 700);
    });

    const { response } = await createHandler({ connectionTimeout: 500 }).handle(requestTo(port));

    expect(response.statusCode).toBe(200);
  });
});

describe('request handler over TLS', () => {
  const createTls = (listener: RequestListener) =>
    createTlsServer({ key: certificate, cert: certificate }, listener);

  it('reads an item from a server whose certificate it trusts', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, certificate.toString()]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const { port, requests } = await start(
      answerWith(200, { Item: { id: { S: '1' } } }),
      createTls,
    );
    const { ours } = createClientPair({
      endpoint: `https://localhost:${port}`,
      requestHandler: createHandler(),
    });

    const { Item } = await ours.send(new GetCommand({ TableName: 'Orders', Key: { id: '1' } }));

    expect(Item).toEqual({ id: '1' });
    expect(requests).toMatchObject([{ headers: { host: `localhost:${port}` } }]);
  });

  it('rejects a server whose certificate it does not trust', async () => {
    const { port, requests } = await start(answerWith(200, {}), createTls);

    await expect(
      createHandler().handle({ ...requestTo(port), protocol: 'https:', hostname: 'localhost' }),
    ).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(requests).toEqual([]);
  });
});
