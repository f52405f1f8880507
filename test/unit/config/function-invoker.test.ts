import { expect, it } from 'vitest';
import { invocationPlatform } from '../../../shared/config/function-invoker.ts';
import { startAwsServer } from '../../support/sdk/aws-server.ts';
import { answerWith, type Responder } from '../../support/sdk/scripted-server.ts';

/** An invoker of a local AWS that answers so, and the requests to it. */
const start = async (...responders: readonly [Responder, ...Responder[]]) => {
  const { requests } = await startAwsServer(...responders);

  return { requests, invoke: invocationPlatform.createInvoker() };
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
