import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { localClientConfig } from '../../../../dev/local/aws.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';

type Answer = (response: ServerResponse) => void;

/** The request has arrived, and what it was answered is lost on the way. */
const lost: Answer = ({ socket }) => socket?.destroy();

/** The condition did not hold: this is stored. */
const refused =
  (stored: Payment): Answer =>
  (response) =>
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
        Item: marshall(stored, { removeUndefinedValues: true }),
      }),
    );

/** The table of a DynamoDB that gives one answer after another to what the SDK itself sends. */
const paymentsAnswered = async (...answers: readonly Answer[]) => {
  let requests = 0;
  const server = createServer((_request, response) => {
    const answer = answers[requests];
    requests += 1;
    if (answer === undefined) throw new Error('Nobody was to ask so often.');
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(endpoint)));

  return { payments: createPaymentRepository(db, 'Payments'), requests: () => requests };
};

const reserved = aPayment();
const claimed = applyTransition(reserved, 'claimed');

it('recognises its own write when the SDK retries it after a lost response', async () => {
  const { payments, requests } = await paymentsAnswered(
    lost,
    // Meanwhile its buyer asked to cancel it, which moves nothing.
    refused({ ...claimed, cancelRequestedAt: noon.toISOString() }),
  );

  expect(await payments.tryUpdate(reserved, claimed)).toBe(true);
  expect(requests()).toBe(2);
});

it('finds that another was first where the first request was the one that got lost', async () => {
  const another = transitionPayment(reserved, 'claimed', {
    at: new Date(noon.getTime() + 1),
    by: 'test',
  });
  const { payments } = await paymentsAnswered(lost, refused(another));

  expect(await payments.tryUpdate(reserved, claimed)).toBe(false);
});

it('takes no other for itself that did the same at the same moment', async () => {
  const { payments, requests } = await paymentsAnswered(refused(claimed));

  expect(await payments.tryUpdate(reserved, claimed)).toBe(false);
  expect(requests()).toBe(1);
});
