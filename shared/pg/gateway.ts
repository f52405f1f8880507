import type { Timings } from '../domain/timings.ts';
import { requireEnv } from '../runtime/env.ts';
import type { ChargeLedger } from './charge-ledger.ts';
import { deferred, deferredLedger } from './deferred-gateway.ts';
import type { PaymentGateway } from './port.ts';
import { simulatorGateway } from './simulator-adapter.ts';
import { simulatorLedger } from './simulator-ledger.ts';

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
export const paymentGateway = (given: GatewayOptions): PaymentGateway => {
  const options = optionsOf(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    const secret = secretFromEnv();

    return deferred(async () => {
      const { stripeGateway } = await import('./stripe-adapter.ts');

      return stripeGateway({ ...options, secretKey: await secret() });
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    const secret = secretFromEnv();

    return deferred(async () => {
      const { tossGateway } = await import('./toss-adapter.ts');

      return tossGateway({ ...options, secretKey: await secret() });
    });
  }

  return simulatorGateway(options);
};

/** The list of charges of the same PG, with the same key. */
export const chargeLedger = (given: GatewayOptions): ChargeLedger => {
  const options = optionsOf(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    const secret = secretFromEnv();

    return deferredLedger(async () => {
      const { stripeLedger } = await import('./stripe-ledger.ts');

      return stripeLedger({ ...options, secretKey: await secret() });
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    const secret = secretFromEnv();

    return deferredLedger(async () => {
      const { tossLedger } = await import('./toss-ledger.ts');

      return tossLedger({ ...options, secretKey: await secret() });
    });
  }

  return simulatorLedger(options);
};

const adapters = ['simulator', 'stripe', 'toss', '', undefined];

const optionsOf = ({ url, timings }: GatewayOptions) => {
  const { PG_ADAPTER: name } = process.env;
  if (!adapters.includes(name)) {
    throw new Error(`PG_ADAPTER is "${name}"; set it to simulator, stripe or toss.`);
  }

  return { url, timeoutMs: timings.pgTimeoutMs };
};

/** Reads the key at each call, from memory as a rule, so that a rotated one is used soon. */
const secretFromEnv = () => {
  const { PG_SECRET_KEY_ARN: arn } = requireEnv('PG_SECRET_KEY_ARN');

  return async (): Promise<string> => {
    const { secretOf } = await import('../runtime/secret.ts');

    return secretOf(arn)();
  };
};
