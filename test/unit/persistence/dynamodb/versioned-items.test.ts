import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { localClientConfig } from '../../../../dev/local/aws.ts';
import { createDynamoDbClient } from '../../../../shared/config/aws-clients.ts';
import { createDocumentClient } from '../../../../shared/config/document-client.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';

type Responder = (response: ServerResponse) => void;

/** DynamoDB executes the request, but its response is lost. */
const dropResponse: Responder = ({ socket }) => socket?.destroy();

/** The condition is false for this stored payment. */
const failCondition =
  (stored: Payment): Responder =>
  (response) =>
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
        Item: marshall(stored, { removeUndefinedValues: true }),
      }),
    );

/** A payment repository on a DynamoDB that returns the responses in order, each to one request of the SDK. */
const createPaymentsAnswering = async (...responders: readonly Responder[]) => {
  let requests = 0;
  const server = createServer((_request, response) => {
    const respond = responders[requests];
    requests += 1;
    if (respond === undefined) throw new Error('More requests than expected.');
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = createDatabase(
    createDocumentClient(createDynamoDbClient(localClientConfig(endpoint))),
  );

  return { payments: createPaymentRepository(db, 'Payments'), requests: () => requests };
};

const reserved = aPayment();
const claimed = applyTransition(reserved, 'claimed');

it('recognises its own write when the SDK retries it after a lost response', async () => {
  const { payments, requests } = await createPaymentsAnswering(
    dropResponse,
    // The buyer requested cancellation concurrently, which is not a transition.
    failCondition({ ...claimed, cancelRequestedAt: noon.toISOString() }),
  );

  expect(await payments.tryUpdate(reserved, claimed)).toBe(true);
  expect(requests()).toBe(2);
});

it('detects another writer when the lost first attempt was not executed', async () => {
  const another = transitionPayment(reserved, 'claimed', {
    at: new Date(noon.getTime() + 1),
    by: 'test',
  });
  const { payments } = await createPaymentsAnswering(dropResponse, failCondition(another));

  expect(await payments.tryUpdate(reserved, claimed)).toBe(false);
});

it('does not take an identical write of another writer for its own', async () => {
  const { payments, requests } = await createPaymentsAnswering(failCondition(claimed));

  expect(await payments.tryUpdate(reserved, claimed)).toBe(false);
  expect(requests()).toBe(1);
});
