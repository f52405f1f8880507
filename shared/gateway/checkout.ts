import { type Environment, requireEnv } from '../config/env.ts';

/** How the buyer's page opens the checkout window of the stage's gateway. */
export interface Checkout {
  readonly gateway: 'simulator' | 'stripe' | 'toss';
  /**
   * The publishable key for the gateway's script in the page. Absent at the simulator, and if the deployment
   * sets none: then the page must have it from elsewhere.
   */
  readonly clientKey?: string;
  /** The page of the window, if it is one. The simulator's takes `reference`, `amount`, `currency` and `returnUrl`. */
  readonly url?: string;
}

/** How functions read the window, each from its own environment. */
export interface CheckoutPlatform {
  readonly openCheckout: typeof checkoutFromEnv;
}

/**
 * Reads the window of the gateway that the environment variable PG_ADAPTER names: the key in PG_CLIENT_KEY, or
 * the simulator's page below PG_URL. Throws if PG_URL is missing for the simulator. PG_ADAPTER is spelt out for
 * the bundler, as in gateway-from-env.ts.
 */
export const checkoutFromEnv = (environment: Environment): Checkout => {
  const { PG_CLIENT_KEY: clientKey } = environment;
  const gateway = process.env.PG_ADAPTER;
  if (gateway === 'stripe' || gateway === 'toss')
    return { gateway, ...(clientKey && { clientKey }) };
  const { PG_URL } = requireEnv(environment, 'PG_URL');

  return { gateway: 'simulator', url: `${PG_URL.replace(/\/+$/, '')}/window` };
};
