import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bundleFile, bundleOptions } from '../../../cdk/constructs/bundle.ts';
import { type Environment, startEnvironment } from '../../bench/host/environment.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { eventually } from '../../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'aftercommit-init-'));
const bundle = join(folder, bundleFile);

/** The requests to DynamoDB, and how it answers each. */
const seen: { readonly key: unknown; readonly socket: Socket }[] = [];
let answer: (response: ServerResponse) => Promise<void>;
const found = async (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
};
const server = createServer(async (request: IncomingMessage, response) => {
  const { Key } = (await json(request)) as { Key: unknown };
  seen.push({ key: Key, socket: request.socket });
  await answer(response);
});

beforeAll(async () => {
  await build({
    ...bundleOptions({ PG_ADAPTER: 'simulator' }),
    entryPoints: ['functions/get-order/index.ts'],
    outdir: folder,
    write: true,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

let environment: Environment | undefined;
afterEach(async () => {
  await environment?.close();
  seen.length = 0;
});

/** Starts the function as Lambda does: no event comes before the module has been evaluated. */
const start = () =>
  startEnvironment({
    folder: 'get-order',
    bundle,
    timeoutMs: 5_000,
    environment: {
      ORDERS_TABLE: 'Orders',
      INIT_READ: 'ORDERS_TABLE orderId',
      TIMINGS: 'local',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });

const getOrder = (orderId: string) =>
  apiGatewayEvent({ method: 'GET', path: `/orders/${orderId}`, buyer: 'alice' });

it('reads before the first event, which finds the connection open', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  answer = async (response) => {
    await released;
    await found(response);
  };
  let isReady = false;
  const starting = start().then((started) => {
    isReady = true;

    return started;
  });
  await eventually(async () => expect(seen).toHaveLength(1));
  await pause(50);
  expect(isReady).toBe(false);

  release();
  environment = await starting;
  const { result } = await environment.invoke(getOrder('ord_1'));

  expect(result).toMatchObject({ statusCode: 404 });
  expect(seen.map(({ key }) => key)).toEqual([
    { orderId: { S: 'init' } },
    { orderId: { S: 'ord_1' } },
  ]);
  expect(seen[1]?.socket).toBe(seen[0]?.socket);
});

it('starts without DynamoDB, and answers when it is back', async () => {
  answer = async (response) => {
    response.destroy();
  };
  environment = await start();
  expect(seen.length).toBeGreaterThan(0);

  answer = found;
  const { result } = await environment.invoke(getOrder('ord_1'));

  expect(result).toMatchObject({ statusCode: 404 });
});

it('starts although DynamoDB does not answer', async () => {
  answer = async () => {};
  environment = await start();
  answer = found;

  const { result } = await environment.invoke(getOrder('ord_1'));

  expect(result).toMatchObject({ statusCode: 404 });
});
