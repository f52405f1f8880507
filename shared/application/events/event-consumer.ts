import { requireEnv } from '../../config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../config/platform.ts';
import { timingsFromEnv } from '../../config/timings-from-env.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { subscriptions } from '../../domain/events/subscriptions.ts';
import { idempotentByMarker } from '../../lambda/marker-idempotency.ts';
import type { HandlingResult } from '../../lambda/message-deferral.ts';
import { sqsHandler } from '../../lambda/sqs-handler.ts';
import { createDeferralClaims } from '../../persistence/deferral-claims.ts';

type Subscriptions = typeof subscriptions;
type SubscribedEvent<L extends keyof Subscriptions> = DomainEvent<Subscriptions[L][number]>;

interface ConsumerConfig<L extends keyof Subscriptions> {
  readonly name: L;
  readonly queue: Parameters<typeof sqsHandler>[1];
}

/** The consumer's queue, from the environment. */
export const consumerConfigFromEnv = <L extends keyof Subscriptions>(
  { environment, clock, createSqs }: BasePlatform & SqsPlatform,
  name: L,
): ConsumerConfig<L> => ({
  name,
  queue: {
    sqs: createSqs({ maxAttempts: 2 }),
    queueUrl: requireEnv(environment, 'QUEUE_URL').QUEUE_URL,
    name,
    clock,
    redeliveryBackoffMs: timingsFromEnv(environment).redeliveryBackoffMs,
  },
});

/** The same for a consumer that defers messages. The claims of the copies are in the idempotency table. */
export const deferringConsumerConfigFromEnv = <L extends keyof Subscriptions>(
  platform: BasePlatform & SqsPlatform,
  name: L,
): ConsumerConfig<L> => {
  const { environment, db } = platform;
  const { queue } = consumerConfigFromEnv(platform, name);
  const { IDEMPOTENCY_TABLE } = requireEnv(environment, 'IDEMPOTENCY_TABLE');

  return {
    name,
    queue: { ...queue, deferralClaims: createDeferralClaims(db, IDEMPOTENCY_TABLE) },
  };
};

interface Delivery<Confirmed> {
  /** The id of the event. */
  readonly id: string;
  readonly confirmed: Confirmed;
}

/**
 * Creates the handler of a queue consumer: it consumes the events that the function subscribes to and drops
 * duplicates.
 *
 * `handle` writes a marker of the event under the condition of its effect. It returns the outcome `duplicate`
 * if the condition failed. Then `findResult` reads the marker and returns the result of the first delivery.
 */
export const eventConsumer = <L extends keyof Subscriptions>(
  config: ConsumerConfig<L>,
  handle: (event: SubscribedEvent<L>) => Promise<HandlingResult>,
  findResult: (event: SubscribedEvent<L>) => Promise<HandlingResult | undefined>,
) => confirmingEventConsumer(config, async (event) => event, handle, findResult);

/**
 * The same for a consumer that works with what is stored: `confirm` reads it once for each delivery of an event, and
 * `handle` and `findResult` get what it returns.
 */
export const confirmingEventConsumer = <L extends keyof Subscriptions, Confirmed>(
  { name, queue }: ConsumerConfig<L>,
  confirm: (received: SubscribedEvent<L>) => Promise<Confirmed>,
  handle: (confirmed: Confirmed) => Promise<HandlingResult>,
  findResult: (confirmed: Confirmed) => Promise<HandlingResult | undefined>,
) => {
  const handleOnce = idempotentByMarker(
    {
      name,
      keyOf: ({ id }: Delivery<Confirmed>) => id,
      hasFailedCondition: ({ outcome }: HandlingResult) => outcome === 'duplicate',
      findResult: ({ confirmed }) => findResult(confirmed),
    },
    ({ confirmed }) => handle(confirmed),
  );

  return sqsHandler<Subscriptions[L][number]>(
    subscriptions[name],
    queue,
    async (event, context) => {
      const delivery = { id: event.id, confirmed: await confirm(event) };
      const { value, replayed } = await handleOnce(delivery, context);

      return replayed ? { ...value, outcome: 'duplicate', replayed } : value;
    },
  );
};
