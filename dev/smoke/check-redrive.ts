import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Database } from '../../shared/config/platform.ts';
import { type DomainEvent, eventSource } from '../../shared/domain/events/domain-event.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { pollUntil } from '../cli/poll-until.ts';
import type { ApiClient } from '../local/api-client.ts';
import type { OperatorApi } from '../ops/operator-api.ts';
import { countPresent, createDepthReader } from '../ops/queue-depth.ts';
import { requireThat, smokeReason, stepPolling } from './expectations.ts';
import type { SmokeStage } from './stages.ts';

/** The SQS message body that an EventBridge rule makes of an event. */
export const toQueueMessage = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    source: eventSource,
    'detail-type': name,
    detail,
  });

interface Clients {
  readonly operator: OperatorApi;
  readonly client: ApiClient;
  readonly db: Database;
}

const consumer = 'add-loyalty-points';

const falseIfDenied = (error: Error): false => {
  if (/^AccessDenied/.test(error.name)) return false;
  throw error;
};

/**
 * Waits until every consumer has processed the completed payment. Then puts a second copy of its event into the
 * dead-letter queue of the points, redrives it, and expects the same points. Redrives nothing if the policy of the
 * queue denies it to the credentials of this process.
 */
export const checkRedrive = async (
  stage: Pick<SmokeStage, 'client' | 'queues' | 'tables'>,
  { operator, client, db }: Clients,
  paymentId: string,
): Promise<string> => {
  const { pendingActions } = await pollUntil(
    () => operator.payment(paymentId),
    (timeline) => timeline.pendingActions.length === 0,
    stepPolling,
  );
  requireThat(
    pendingActions.length === 0,
    `${paymentId} still waits: ${pendingActions.map(({ detail }) => detail).join('; ')}`,
  );
  const before = await client.points();
  const payment = await createPaymentRepository(db, stage.tables.payments).getOrThrow(paymentId);
  const event = replayPaymentEvent(payment, 'PaymentCompleted');
  const { url, deadLettersUrl: QueueUrl } = stage.queues[consumer] ?? {};
  // This machine cannot resolve the host in a local queue's URL.
  const sqs = new SQSClient({ ...stage.client, useQueueUrlAsEndpoint: false });
  const isSent = await sqs
    .send(new SendMessageCommand({ QueueUrl, MessageBody: toQueueMessage(event) }))
    .then(() => true, falseIfDenied);
  if (!isSent)
    return `no dead letter is redriven: the queue policy lets only the service send to the dead letters of ${consumer}`;

  const redrive = (dryRun: boolean) =>
    operator.redrive({
      consumer,
      action: 'redrive',
      paymentId,
      dryRun,
      limit: 100,
      reason: smokeReason,
    });
  // A letter is invisible for a moment after another run or an operator has read it.
  const { items } = await pollUntil(
    () => redrive(false),
    (answer) => answer.items.length > 0,
    stepPolling,
  );
  const outcomes = items.map(({ outcome }) => outcome).join(', ') || 'not found';
  requireThat(
    outcomes === 'redriven',
    `The dead letter of ${consumer} for ${paymentId} was ${outcomes}`,
  );
  const depthOf = createDepthReader(sqs);
  await pollUntil(
    () => depthOf(url),
    (depth) => countPresent(depth) === 0,
    stepPolling,
  );
  const { items: left } = await redrive(true);
  const after = await client.points();
  requireThat(
    left.length === 0 && after === before,
    `The redrive left ${left.length} letters and ${after} points of ${before}`,
  );

  return `a dead letter of ${consumer} is redriven, without a second effect: ${after} points`;
};
