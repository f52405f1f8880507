import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { requestInquiry } from './handler.ts';

const { payments } = storesFromEnv({ payments: createPaymentRepository });

export const handler = httpHandler(
  requestInquiry({ payments, request: requestInquiryFromEnv('operator') }),
);
