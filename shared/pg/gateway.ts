import type { Timings } from '../domain/timings.ts';
import { requireEnv } from '../runtime/env.ts';
import { deferred } from './deferred-gateway.ts';
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
 * The variable is spelt out in each comparison: a bundler that is told its value leaves the other branches, and with them Stripe's
 * SDK, out of the bundle.
 */
export const paymentGateway = ({ url, timings }: GatewayOptions): PaymentGateway => {
  const options = { url, timeoutMs: timings.pgTimeoutMs };
  if (process.env.PG_ADAPTER === 'stripe') {
    const arn = secretArn();

    return deferred(async () => {
      const { stripeGateway } = await import('./stripe-adapter.ts');
      const { secretOf } = await import('../runtime/secret.ts');

      // From memory as a rule, so that a rotated key is used soon.
      return stripeGateway({ ...options, secretKey: await secretOf(arn)() });
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    const arn = secretArn();

    return deferred(async () => {
      const { tossGateway } = await import('./toss-adapter.ts');
      const { secretOf } = await import('../runtime/secret.ts');

      // From memory as a rule, so that a rotated key is used soon.
      return tossGateway({ ...options, secretKey: await secretOf(arn)() });
    });
  }
  if (!['simulator', '', undefined].includes(process.env.PG_ADAPTER)) {
    throw new Error(
      `PG_ADAPTER is "${process.env.PG_ADAPTER}"; set it to simulator, stripe or toss.`,
    );
  }

  return simulatorGateway(options);
};

const secretArn = (): string => requireEnv('PG_SECRET_KEY_ARN').PG_SECRET_KEY_ARN;
