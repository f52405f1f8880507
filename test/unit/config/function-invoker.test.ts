import { afterAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { invocationPlatform } from '../../../shared/config/function-invoker.ts';
import {
  answerWith,
  type Responder,
  startScriptedServer,
} from '../../support/sdk/scripted-server.ts';

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

afterAll(() => vi.unstubAllEnvs());

/** An invoker of a local AWS that answers so, and the requests to it. */
const start = async (...responders: readonly [Responder, ...Responder[]]) => {
  const server = await startScriptedServer(responders);
  onTestFinished(server.close);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${server.port}`);

  return { requests: server.requests, invoke: invocationPlatform.createInvoker() };
};

it('sends the event as JSON and returns the parsed result', async () => {
  const { requests, invoke } = await start(answerWith(200, { statusCode: 200 }));

  expect(await invoke('a-function:live', { routeKey: 'GET /health' })).toEqual({
    statusCode: 200,
  });
  expect(requests.map(({ body }) => body)).toEqual(['{"routeKey":"GET /health"}']);
});

it('throws what a function that failed reports, and does not invoke it again', async () => {
  const { requests, invoke } = await start(
    answerWith(200, { errorMessage: 'timed out' }, { 'x-amz-function-error': 'Unhandled' }),
  );

  await expect(invoke('a-function', {})).rejects.toThrow(
    'a-function failed: Unhandled, {"errorMessage":"timed out"}',
  );
  expect(requests).toHaveLength(1);
});

it('invokes a function again if Lambda throttles it', async () => {
  const { requests, invoke } = await start(
    answerWith(429, {}, { 'x-amzn-errortype': 'TooManyRequestsException' }),
    answerWith(200, {}),
  );

  expect(await invoke('a-function', {})).toEqual({});
  expect(requests).toHaveLength(2);
});
