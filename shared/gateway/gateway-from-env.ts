import { requireEnv } from '../config/env.ts';
import type { Timings } from '../domain/timings.ts';
import type { ChargeLedger } from './charge-list.ts';
import { deferred, deferredLedger, type ReadKey } from './lazy-gateway.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { simulatorGateway } from './simulator/adapter.ts';
import { simulatorLedger } from './simulator/charge-list.ts';

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
    return deferred({
      keyOf: keyFromEnv(),
      open: async (secretKey) => {
        const { stripeGateway } = await import('./stripe/adapter.ts');

        return stripeGateway({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return deferred({
      keyOf: keyFromEnv(),
      open: async (secretKey) => {
        const { tossGateway } = await import('./toss/adapter.ts');

        return tossGateway({ ...options, secretKey });
      },
    });
  }

  return simulatorGateway(options);
};

/** The list of charges of the same PG, with the same key. */
export const chargeLedger = (given: GatewayOptions): ChargeLedger => {
  const options = optionsOf(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    return deferredLedger({
      keyOf: keyFromEnv(),
      open: async (secretKey) => {
        const { stripeLedger } = await import('./stripe/charge-list.ts');

        return stripeLedger({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return deferredLedger({
      keyOf: keyFromEnv(),
      open: async (secretKey) => {
        const { tossLedger } = await import('./toss/charge-list.ts');

        return tossLedger({ ...options, secretKey });
      },
    });
  }

  return simulatorLedger(options);
};

export type FindReference = (transactionId: string) => Promise<string | undefined>;

/** Finds our reference by the gateway's own id of a charge. Only Stripe's webhooks may name that alone. */
export const referenceFinder = (given: GatewayOptions): FindReference => {
  const options = optionsOf(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    const keyOf = keyFromEnv();

    return async (transactionId) => {
      const { stripeReference } = await import('./stripe/find-reference.ts');

      return stripeReference({ ...options, secretKey: await keyOf() })(transactionId);
    };
  }

  return async () => undefined;
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
const keyFromEnv = (): ReadKey => {
  const { PG_SECRET_KEY_ARN: arn } = requireEnv('PG_SECRET_KEY_ARN');
  let read: ReadKey | undefined;

  return async (age) => {
    read ??= (await import('../config/secret.ts')).secretOf(arn);

    return keyIn(await read(age));
  };
};

/** What a header can carry: of a secret that was pasted with a line break at its end, the rest. */
const keyIn = (text: string): string => {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error('The secret of the gateway is no API key.');

  return key;
};
