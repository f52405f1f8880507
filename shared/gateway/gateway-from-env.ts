import { type Environment, requireEnv } from '../config/env.ts';
import { systemTimers } from '../config/system-clock.ts';
import type { Timings } from '../domain/timings.ts';
import { countFailedSecretReads } from '../observability/metrics.ts';
import type { ChargeList } from './charge-list.ts';
import { sendHttp } from './http-exchange.ts';
import { lazyChargeList, lazyGateway, type ReadApiKey } from './lazy-gateway.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { createSimulatorGateway } from './simulator/adapter.ts';
import { createSimulatorChargeList } from './simulator/charge-list.ts';

/** How functions reach the gateway. Each opens it from its own environment. */
export interface GatewayPlatform {
  readonly openGateway: typeof paymentGatewayFromEnv;
  readonly openChargeList: typeof chargeListFromEnv;
  readonly openReferenceFinder: typeof referenceFinderFromEnv;
}

/**
 * Creates the gateway of the stage: the adapter that the environment variable PG_ADAPTER names, `simulator`
 * by default. An adapter with a secret key reads it from the secret PG_SECRET_KEY_ARN. A new adapter is a
 * folder here and a branch in each function of this file.
 *
 * Each comparison spells the variable out, because the bundler replaces it by its value and drops the other
 * branches, with them Stripe's SDK.
 */
export const paymentGatewayFromEnv = (
  environment: Environment,
  timings: Timings,
): PaymentGateway => {
  const options = resolveOptions(environment, timings);
  if (process.env.PG_ADAPTER === 'stripe') {
    return lazyGateway({
      readApiKey: apiKeyReaderFromEnv(environment),
      create: async (secretKey) => {
        const { createStripeGateway } = await import('./stripe/adapter.ts');

        return createStripeGateway({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return lazyGateway({
      readApiKey: apiKeyReaderFromEnv(environment),
      create: async (secretKey) => {
        const { createTossGateway } = await import('./toss/adapter.ts');

        return createTossGateway({ ...options, secretKey });
      },
    });
  }

  return createSimulatorGateway(options);
};

/** Creates the charge list of the same gateway, with the same key. */
export const chargeListFromEnv = (environment: Environment, timings: Timings): ChargeList => {
  const options = resolveOptions(environment, timings);
  if (process.env.PG_ADAPTER === 'stripe') {
    return lazyChargeList({
      readApiKey: apiKeyReaderFromEnv(environment),
      create: async (secretKey) => {
        const { createStripeChargeList } = await import('./stripe/charge-list.ts');

        return createStripeChargeList({ ...options, secretKey });
      },
    });
  }
  if (process.env.PG_ADAPTER === 'toss') {
    return lazyChargeList({
      readApiKey: apiKeyReaderFromEnv(environment),
      create: async (secretKey) => {
        const { createTossChargeList } = await import('./toss/charge-list.ts');

        return createTossChargeList({ ...options, secretKey });
      },
    });
  }

  return createSimulatorChargeList(options);
};

export type FindReference = (transactionId: string) => Promise<string | undefined>;

/** Finds our reference by the gateway's id of a charge. Only Stripe has webhooks without our reference. */
export const referenceFinderFromEnv = (
  environment: Environment,
  timings: Timings,
): FindReference => {
  const options = resolveOptions(environment, timings);
  if (process.env.PG_ADAPTER === 'stripe') {
    const readApiKey = apiKeyReaderFromEnv(environment);

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

const resolveOptions = (environment: Environment, timings: Timings) => {
  const { PG_ADAPTER: name } = process.env;
  if (!adapters.includes(name)) {
    throw new Error(`PG_ADAPTER is "${name}"; set it to simulator, stripe or toss.`);
  }

  return {
    url: requireEnv(environment, 'PG_URL').PG_URL,
    timeoutMs: timings.pgTimeoutMs,
    timers: systemTimers,
    exchange: sendHttp,
  };
};

/** Reads the key at each call, usually from memory, so that a rotated key is used soon. */
const apiKeyReaderFromEnv = (environment: Environment): ReadApiKey => {
  const { PG_SECRET_KEY_ARN: arn } = requireEnv(environment, 'PG_SECRET_KEY_ARN');
  let readSecret: ReadApiKey | undefined;

  return countFailedSecretReads(async (maxAge?: Parameters<ReadApiKey>[0]) => {
    readSecret ??= (await import('../config/secret.ts')).createSecretReader(arn);

    return parseApiKey(await readSecret(maxAge));
  });
};

/** Trims a pasted line break; throws if a header cannot carry the key. */
const parseApiKey = (text: string): string => {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error('The gateway secret does not contain a valid API key.');

  return key;
};
