export interface TokenFormat {
  readonly pattern: RegExp;
  readonly example: string;
}

/** The documented format of the token that a gateway gives to the buyer's client in place of a card. */
export const tokenFormats: Readonly<Record<'simulator' | 'stripe' | 'toss', TokenFormat>> = {
  simulator: { pattern: /^sim_[a-z0-9_]+$/, example: 'sim_approve' },
  // A PaymentMethod, or one of the older objects that Stripe accepts in its place.
  stripe: { pattern: /^(?:pm|card|src|ba|tok)_\w+$/, example: 'pm_1OaBcD2eZvKYlo2C' },
  // A paymentKey has at most 200 characters.
  toss: { pattern: /^[\w=-]{1,200}$/, example: 'tgen_20260314210000AbCd1' },
};

/** The token format of the gateway that the environment variable PG_ADAPTER names. */
export const tokenFormatFromEnv = (): TokenFormat => {
  const adapter = process.env.PG_ADAPTER ?? 'simulator';

  return tokenFormats[adapter as keyof typeof tokenFormats] ?? tokenFormats.simulator;
};
