import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient as db, requestTimeouts } from '../../config/aws-clients.ts';
import { requireEnv } from '../../config/env.ts';
import { systemClock as clock } from '../../config/system-clock.ts';
import { createDeadLetterService } from './dead-letter-service.ts';
import { parseQueueNames } from './queue-names.ts';

/** The desk of a function: queues and tables as the environment names them. */
export const deadLetterServiceFromEnv = () => {
  const env = requireEnv(
    'PAYMENTS_TABLE',
    'REFUNDS_TABLE',
    'ORDERS_TABLE',
    'LOYALTY_POINTS_TABLE',
    'DELIVERIES_TABLE',
    'DEAD_LETTERS',
  );

  return createDeadLetterService({
    db,
    sqs: new SQSClient({ maxAttempts: 3, requestHandler: requestTimeouts }),
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
