import { SQSClient } from '@aws-sdk/client-sqs';
import { documents, patience } from '../../config/aws-clients.ts';
import { requireEnv } from '../../config/env.ts';
import { timingsFromEnv } from '../../config/timings-from-env.ts';
import { type DomainEvent, subscriptions } from '../../domain/events/domain-event.ts';
import { once } from '../../lambda/idempotency.ts';
import { type Done, queueHandler } from '../../lambda/sqs-handler.ts';
import { waitsIn } from '../../persistence/deferral-claims.ts';

type Subscriptions = typeof subscriptions;
type Heard<L extends keyof Subscriptions> = DomainEvent<Subscriptions[L][number]>;

interface Wiring {
  readonly idempotencyTable: string;
  readonly queue: Parameters<typeof queueHandler>[1];
}

/** The consumer's own queue and the table of answers, as the environment names them. */
export const wiringFromEnv = (name: keyof Subscriptions, inFlightAfterMs?: number): Wiring => {
  const env = requireEnv('IDEMPOTENCY_TABLE', 'QUEUE_URL');
  const sqs = new SQSClient({ maxAttempts: 2, requestHandler: patience });
  const { redeliverAfterMs } = timingsFromEnv();

  return {
    idempotencyTable: env.IDEMPOTENCY_TABLE,
    queue: {
      ...{ sqs, queueUrl: env.QUEUE_URL, name, redeliverAfterMs },
      waits: waitsIn(documents, env.IDEMPOTENCY_TABLE),
      ...(inFlightAfterMs !== undefined && { inFlightAfterMs }),
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
  effect: (event: Heard<L>) => Promise<Done>,
  { idempotencyTable: table, queue }: Wiring = wiringFromEnv(name),
) => {
  const effectOnce = once({ table, name, keyOf: ({ id }: Heard<L>) => id }, effect);

  return queueHandler<Subscriptions[L][number]>(
    subscriptions[name],
    queue,
    async (event, context) => {
      const { value, replayed } = await effectOnce(event, context);

      return replayed ? { ...value, outcome: 'heard before', replayed } : value;
    },
  );
};
