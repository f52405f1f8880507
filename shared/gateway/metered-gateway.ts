import { measure } from '../observability/metrics.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { observed } from './recording-gateway.ts';

/** The gateway, each of its requests measured by what was asked and how it ended. */
export const measured = (gateway: PaymentGateway): PaymentGateway =>
  observed(gateway, ({ operation, outcome, tookMs }, { cause }) => {
    measure('PgLatency', tookMs, { operation, answer: outcome });
    if (cause === 'credentials') measure('PgCredentialsRefused', 1, {});
  });
