import { timeZoneFromEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createConsumerStatusReader } from '../../shared/persistence/consumer-status.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getOperatorTimeline } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const { environment, db, clock } = platform;
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    compensations: createCompensationRepository,
    refunds: createRefundRepository,
  });
  const tables = tablesFromEnv(environment, ['deliveries', 'rankings', 'loyaltyPoints', 'reviews']);
  const consumerStatus = createConsumerStatusReader(db, tables, {
    clock,
    timeZone: timeZoneFromEnv(environment),
  });

  return httpHandler(
    getOperatorTimeline({ ...stores, consumerStatus, timings: timingsFromEnv(environment) }),
  );
};
