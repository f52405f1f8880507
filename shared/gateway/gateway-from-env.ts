import { requireEnv } from '../config/env.ts';
import type { Timings } from '../domain/timings.ts';
import type { ChargeList } from './charge-list.ts';
import { lazyChargeList, lazyGateway, type ReadApiKey } from './lazy-gateway.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { createSimulatorGateway } from './simulator/adapter.ts';
import { createSimulatorChargeList } from './simulator/charge-list.ts';

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
export const paymentGatewayFromEnv = (given: GatewayOptions): PaymentGateway => {
  const options = resolveOptions(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    return lazyGateway({
      readApiKey: apiKeyReaderFromEnv(),
      create: async (secretKey) => {
        const { createStripeGateway } = await import('./stripe/adapter.ts');

        return createStripeGateway({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return lazyGateway({
      readApiKey: apiKeyReaderFromEnv(),
      create: async (secretKey) => {
        const { createTossGateway } = await import('./toss/adapter.ts');

        return createTossGateway({ ...options, secretKey });
      },
    });
  }

  return createSimulatorGateway(options);
};

/** The list of charges of the same PG, with the same key. */
export const chargeListFromEnv = (given: GatewayOptions): ChargeList => {
  const options = resolveOptions(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    return lazyChargeList({
      readApiKey: apiKeyReaderFromEnv(),
      create: async (secretKey) => {
        const { createStripeChargeList } = await import('./stripe/charge-list.ts');

        return createStripeChargeList({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return lazyChargeList({
      readApiKey: apiKeyReaderFromEnv(),
      create: async (secretKey) => {
        const { createTossChargeList } = await import('./toss/charge-list.ts');

        return createTossChargeList({ ...options, secretKey });
      },
    });
  }

  return createSimulatorChargeList(options);
};

export type FindReference = (transactionId: string) => Promise<string | undefined>;

/** Finds our reference by the gateway's own id of a charge. Only Stripe's webhooks may name that alone. */
export const referenceFinderFromEnv = (given: GatewayOptions): FindReference => {
  const options = resolveOptions(given);
  if (process.env.PG_ADAPTER === 'stripe') {
    const readApiKey = apiKeyReaderFromEnv();

    return async (transactionId) => {
      const { createStripeReferenceFinder } = await import('./stripe/find-reference.ts');

      return createStripeReferenceFinder({ ...options, secretKey: await readApiKey() })(
        transactionId,
      );
    };
  }

  return async () => undefined;
};

const adapters = ['simulator', 'stripe', 'toss', '', undefined];

const resolveOptions = ({ url, timings }: GatewayOptions) => {
  const { PG_ADAPTER: name } = process.env;
  if (!adapters.includes(name)) {
    throw new Error(`PG_ADAPTER is "${name}"; set it to simulator, stripe or toss.`);
  }

  return { url, timeoutMs: timings.pgTimeoutMs };
};

/** Reads the key at each call, from memory as a rule, so that a rotated one is used soon. */
const apiKeyReaderFromEnv = (): ReadApiKey => {
  const { PG_SECRET_KEY_ARN: arn } = requireEnv('PG_SECRET_KEY_ARN');
  let readSecret: ReadApiKey | undefined;

  return async (maxAge) => {
    readSecret ??= (await import('../config/secret.ts')).createSecretReader(arn);

    return parseApiKey(await readSecret(maxAge));
  };
};

/** What a header can carry: of a secret that was pasted with a line break at its end, the rest. */
const parseApiKey = (text: string): string => {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error('The secret of the gateway is no API key.');

  return key;
};
