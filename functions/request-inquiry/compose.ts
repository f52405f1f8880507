import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { requestInquiry } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    audits: createAuditLog,
  });
  const request = requestInquiryFromEnv(platform, 'operator');

  return httpHandler(requestInquiry({ ...stores, request, clock: platform.clock }));
};
