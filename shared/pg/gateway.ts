import type { Timings } from '../domain/timings.ts';
import { requireEnv } from '../runtime/env.ts';
import { withSecretKey } from './keyed-gateway.ts';
import type { PaymentGateway } from './port.ts';
import { simulatorGateway } from './simulator-adapter.ts';

export interface GatewayOptions {
  readonly url: string;
  readonly timings: Timings;
}

/**
 * The gateway that the stage charges with: the one that the environment variable PG_ADAPTER names, `simulator` unless given. One
 * with a secret key reads it from the secret PG_SECRET_KEY_ARN. An adapter more is a file beside this one and a line here.
 *
 * The variable is spelt out in each comparison: a bundler that is told its value leaves the other adapters, and Stripe's SDK with
 * them, out of the bundle.
 */
export const paymentGateway = ({ url, timings }: GatewayOptions): PaymentGateway => {
  const options = { url, timeoutMs: timings.pgTimeoutMs };
  if (process.env.PG_ADAPTER === 'stripe') {
    return withSecretKey(secretArn(), async (secretKey) =>
      (await import('./stripe-adapter.ts')).stripeGateway({ ...options, secretKey }),
    );
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return withSecretKey(secretArn(), async (secretKey) =>
      (await import('./toss-adapter.ts')).tossGateway({ ...options, secretKey }),
    );
  }
  if (!['simulator', '', undefined].includes(process.env.PG_ADAPTER)) {
    throw new Error(
      `PG_ADAPTER is "${process.env.PG_ADAPTER}"; set it to simulator, stripe or toss.`,
    );
  }

  return simulatorGateway(options);
};

const secretArn = (): string => requireEnv('PG_SECRET_KEY_ARN').PG_SECRET_KEY_ARN;
