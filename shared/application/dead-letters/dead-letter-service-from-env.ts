import { SQSClient } from '@aws-sdk/client-sqs';
import { documents as db, patience } from '../../config/aws-clients.ts';
import { requireEnv } from '../../config/env.ts';
import { systemClock as clock } from '../../config/system-clock.ts';
import { deskOf } from './dead-letter-service.ts';
import { stationNames } from './queue-names.ts';

/** The desk of a function: queues and tables as the environment names them. */
export const deskFromEnv = () => {
  const env = requireEnv(
    'PAYMENTS_TABLE',
    'REFUNDS_TABLE',
    'ORDERS_TABLE',
    'LOYALTY_POINTS_TABLE',
    'DELIVERIES_TABLE',
    'DEAD_LETTERS',
  );

  return deskOf({
    db,
    sqs: new SQSClient({ maxAttempts: 3, requestHandler: patience }),
    tables: {
      payments: env.PAYMENTS_TABLE,
      refunds: env.REFUNDS_TABLE,
      orders: env.ORDERS_TABLE,
      loyaltyPoints: env.LOYALTY_POINTS_TABLE,
      deliveries: env.DELIVERIES_TABLE,
    },
    stations: stationNames(env.DEAD_LETTERS),
    clock,
  });
};
