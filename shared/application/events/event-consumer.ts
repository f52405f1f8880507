import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient, requestTimeouts } from '../../config/aws-clients.ts';
import { requireEnv } from '../../config/env.ts';
import { timingsFromEnv } from '../../config/timings-from-env.ts';
import { type DomainEvent, subscriptions } from '../../domain/events/domain-event.ts';
import { idempotent } from '../../lambda/idempotency.ts';
import type { HandlingResult } from '../../lambda/message-deferral.ts';
import { sqsHandler } from '../../lambda/sqs-handler.ts';
import { createDeferralClaims } from '../../persistence/deferral-claims.ts';

type Subscriptions = typeof subscriptions;
type SubscribedEvent<L extends keyof Subscriptions> = DomainEvent<Subscriptions[L][number]>;

interface ConsumerConfig {
  readonly idempotencyTable: string;
  readonly queue: Parameters<typeof sqsHandler>[1];
}

/** The consumer's own queue and the table of answers, as the environment names them. */
export const consumerConfigFromEnv = (
  name: keyof Subscriptions,
  inFlightRetryDelayMs?: number,
): ConsumerConfig => {
  const env = requireEnv('IDEMPOTENCY_TABLE', 'QUEUE_URL');
  const sqs = new SQSClient({ maxAttempts: 2, requestHandler: requestTimeouts });
  const { redeliveryBackoffMs } = timingsFromEnv();

  return {
    idempotencyTable: env.IDEMPOTENCY_TABLE,
    queue: {
      ...{ sqs, queueUrl: env.QUEUE_URL, name, redeliveryBackoffMs: redeliveryBackoffMs },
      deferralClaims: createDeferralClaims(documentClient, env.IDEMPOTENCY_TABLE),
      ...(inFlightRetryDelayMs !== undefined && { inFlightRetryDelayMs: inFlightRetryDelayMs }),
    },
  };
};

/**
 * The handler of a function behind a queue: hears what its folder is subscribed to and has the effect of each event once.
 *
 * `effect` must be safe to run twice by a fence of its own; an event that was heard before is only answered faster here.
 */
export const eventConsumer = <L extends keyof Subscriptions>(
  name: L,
  handle: (event: SubscribedEvent<L>) => Promise<HandlingResult>,
  { idempotencyTable: table, queue }: ConsumerConfig = consumerConfigFromEnv(name),
) => {
  const handleOnce = idempotent({ table, name, keyOf: ({ id }: SubscribedEvent<L>) => id }, handle);

  return sqsHandler<Subscriptions[L][number]>(
    subscriptions[name],
    queue,
    async (event, context) => {
      const { value, replayed } = await handleOnce(event, context);

      return replayed ? { ...value, outcome: 'duplicate', replayed } : value;
    },
  );
};
