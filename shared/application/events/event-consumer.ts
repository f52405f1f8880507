import { requireEnv } from '../../config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../config/platform.ts';
import { timingsFromEnv } from '../../config/timings-from-env.ts';
import { type DomainEvent, subscriptions } from '../../domain/events/domain-event.ts';
import { type IdempotencyStore, idempotencyFromEnv, idempotent } from '../../lambda/idempotency.ts';
import type { HandlingResult } from '../../lambda/message-deferral.ts';
import { sqsHandler } from '../../lambda/sqs-handler.ts';
import { createDeferralClaims } from '../../persistence/deferral-claims.ts';

type Subscriptions = typeof subscriptions;
type SubscribedEvent<L extends keyof Subscriptions> = DomainEvent<Subscriptions[L][number]>;

interface ConsumerConfig<L extends keyof Subscriptions> {
  readonly name: L;
  readonly idempotency: IdempotencyStore;
  readonly queue: Parameters<typeof sqsHandler>[1];
}

/** The consumer's queue and idempotency records, from the environment. */
export const consumerConfigFromEnv = <L extends keyof Subscriptions>(
  platform: BasePlatform & SqsPlatform,
  name: L,
  inFlightRetryDelayMs?: number,
): ConsumerConfig<L> => {
  const { environment, db, clock, createSqs } = platform;
  const env = requireEnv(environment, 'IDEMPOTENCY_TABLE', 'QUEUE_URL');
  const { redeliveryBackoffMs } = timingsFromEnv(environment);

  return {
    name,
    idempotency: idempotencyFromEnv(platform),
    queue: {
      sqs: createSqs({ maxAttempts: 2 }),
      queueUrl: env.QUEUE_URL,
      name,
      deferralClaims: createDeferralClaims(db, env.IDEMPOTENCY_TABLE),
      clock,
      redeliveryBackoffMs,
      ...(inFlightRetryDelayMs !== undefined && { inFlightRetryDelayMs }),
    },
  };
};

/**
 * Creates the handler of a queue consumer: it consumes the events that the function subscribes to and drops
 * duplicates.
 *
 * `handle` must be idempotent by itself, for example by a condition of its write: the idempotency records
 * only make a duplicate faster.
 */
export const eventConsumer = <L extends keyof Subscriptions>(
  { name, idempotency, queue }: ConsumerConfig<L>,
  handle: (event: SubscribedEvent<L>) => Promise<HandlingResult>,
) => {
  const handleOnce = idempotent(
    { ...idempotency, name, keyOf: ({ id }: SubscribedEvent<L>) => id },
    handle,
  );

  return sqsHandler<Subscriptions[L][number]>(
    subscriptions[name],
    queue,
    async (event, context) => {
      const { value, replayed } = await handleOnce(event, context);

      return replayed ? { ...value, outcome: 'duplicate', replayed } : value;
    },
  );
};
