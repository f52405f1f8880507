import { requireEnv } from '../../config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../config/platform.ts';
import { createDeadLetterService } from './dead-letter-service.ts';
import { parseQueueNames } from './queue-names.ts';

/** The dead-letter service on the queues and tables that the environment names. */
export const deadLetterServiceFromEnv = ({
  environment,
  db,
  clock,
  createSqs,
}: BasePlatform & SqsPlatform) => {
  const env = requireEnv(
    environment,
    'PAYMENTS_TABLE',
    'REFUNDS_TABLE',
    'ORDERS_TABLE',
    'LOYALTY_POINTS_TABLE',
    'DELIVERIES_TABLE',
    'DEAD_LETTERS',
  );

  return createDeadLetterService({
    db,
    sqs: createSqs({ maxAttempts: 3 }),
    tables: {
      payments: env.PAYMENTS_TABLE,
      refunds: env.REFUNDS_TABLE,
      orders: env.ORDERS_TABLE,
      loyaltyPoints: env.LOYALTY_POINTS_TABLE,
      deliveries: env.DELIVERIES_TABLE,
    },
    queues: parseQueueNames(env.DEAD_LETTERS),
    clock,
  });
};
