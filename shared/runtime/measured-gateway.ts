import { observed } from '../pg/observed-gateway.ts';
import type { PaymentGateway } from '../pg/port.ts';
import { measure } from './measure.ts';

/** The gateway, each of its requests measured by what was asked and how it ended. */
export const measured = (gateway: PaymentGateway): PaymentGateway =>
  observed(gateway, ({ operation, outcome, tookMs }, { cause }) => {
    measure('PgLatency', tookMs, { operation, answer: outcome });
    if (cause === 'credentials') measure('PgCredentialsRefused', 1, {});
  });
