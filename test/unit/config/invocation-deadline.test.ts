import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { isTransientError } from '../../../shared/config/transient-errors.ts';
import { createHandler } from '../../../shared/observability/invocation-scope.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';
import { createClientPair } from '../../support/sdk/document-clients.ts';
import { hang, startScriptedServer } from '../../support/sdk/scripted-server.ts';

/** The invocation of a function that reads an item from a database that never answers. */
const readWith = async (remainingMs: number) => {
  const { port, requests, close } = await startScriptedServer([hang]);
  onTestFinished(close);
  const { ours } = createClientPair({ endpoint: `http://127.0.0.1:${port}` });
  // Middy asks first, to end the invocation itself a moment before Lambda does.
  const left = [60_000];
  const read = createHandler().handler(async () =>
    ours
      .send(new GetCommand({ TableName: 'Payments', Key: { paymentId: 'pay_1' } }))
      .catch((error: Error) => error),
  );
  const context = aLambdaContext({
    getRemainingTimeInMillis: () => left.shift() ?? remainingMs,
  });

  return { error: (await read({}, context)) as Error, requests };
};

it('sends nothing in the last second of an invocation, in which the function answers', async () => {
  const { error, requests } = await readWith(1_000);

  expect(requests).toEqual([]);
  expect(error.message).toBe('127.0.0.1: no time left for a request.');
  expect(isTransientError(error)).toBe(true);
});

it('waits for an answer until then, and not longer', async () => {
  const { error } = await readWith(1_040);

  expect(error).toMatchObject({
    message: '127.0.0.1: no answer within 40 ms.',
    $metadata: { attempts: 3 },
  });
});
