interface TokenFormat {
  readonly pattern: RegExp;
  readonly example: string;
}

/** What a payment gateway gives to the buyer's client in place of a card, as it documents. */
const tokenFormats: Readonly<Record<'simulator' | 'stripe' | 'toss', TokenFormat>> = {
  simulator: { pattern: /^sim_[a-z0-9_]+$/, example: 'sim_approve' },
  // A PaymentMethod, or one of the older kinds that are taken in place of one.
  stripe: { pattern: /^(?:pm|card|src|ba|tok)_\w+$/, example: 'pm_1OaBcD2eZvKYlo2C' },
  // A paymentKey has 200 characters at most.
  toss: { pattern: /^[\w=-]{1,200}$/, example: 'tgen_20260314210000AbCd1' },
};

/** The form of what is charged, for the gateway that the environment variable PG_ADAPTER names. */
export const tokenFormatFromEnv = (): TokenFormat => {
  const adapter = process.env.PG_ADAPTER ?? 'simulator';

  return tokenFormats[adapter as keyof typeof tokenFormats] ?? tokenFormats.simulator;
};
