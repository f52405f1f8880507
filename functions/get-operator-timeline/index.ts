import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { timeZoneFromEnv } from '../../shared/config/env.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createConsumerStatusReader } from '../../shared/persistence/consumer-status.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getOperatorTimeline } from './handler.ts';

const tables = tablesFromEnv(['deliveries', 'rankings', 'loyaltyPoints', 'reviews']);

export const handler = httpHandler(
  getOperatorTimeline({
    ...storesFromEnv({
      payments: createPaymentRepository,
      compensations: createCompensationRepository,
      refunds: createRefundRepository,
    }),
    consumerStatus: createConsumerStatusReader(db, tables, timeZoneFromEnv()),
    timings: timingsFromEnv(),
  }),
);
