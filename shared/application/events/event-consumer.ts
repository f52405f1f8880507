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

/** The consumer's own queue and the table of answers, as the environment names them. */
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
      ...{ sqs: createSqs({ maxAttempts: 2 }), queueUrl: env.QUEUE_URL, name },
      deferralClaims: createDeferralClaims(db, env.IDEMPOTENCY_TABLE),
      ...{ clock, redeliveryBackoffMs },
      ...(inFlightRetryDelayMs !== undefined && { inFlightRetryDelayMs }),
    },
  };
};

/**
 * The handler of a function behind a queue: hears what its folder is subscribed to and has the effect of each event once.
 *
 * `effect` must be safe to run twice by a fence of its own; an event that was heard before is only answered faster here.
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
